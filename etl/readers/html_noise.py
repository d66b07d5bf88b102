"""What stands on a web page beside its text: told by the names of elements, by links, and by its set phrases."""

from __future__ import annotations

import re
from typing import Any

_TAGS = {
    "script", "style", "nav", "header", "footer", "aside", "noscript", "template", "iframe", "svg", "canvas",
    "button", "select", "option", "input", "textarea", "head", "title", "object", "video", "audio", "map", "rt", "rp",
}  # fmt: skip
# Words of class and id, which are parted at blanks, hyphens, underscores and inner capitals.
_NAMES = {
    "nav", "navbar", "navigation", "menu", "breadcrumb", "breadcrumbs", "crumb", "crumbs", "sidebar", "side", "footer",
    "foot", "ad", "ads", "advert", "advertisement", "copyright", "share", "bdsharebuttonbox", "toolbar", "pagination",
    "prev", "related", "relate", "search", "logo", "weizhi",
}  # fmt: skip
_PARTS = re.compile(r"[a-z]+|[A-Z][a-z]*")
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em)?\s*(?:;|!|$)", re.IGNORECASE
)
_NOTE_LINK = re.compile(r"#.*(?:ftn|edn|note)", re.IGNORECASE)
_LONGEST_MARK = 6
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")  # of a style sheet
_SELECTOR = re.compile(r"\s*(?:[a-z]+)?([.#])([\w-]+)\s*", re.IGNORECASE)
_LONGEST_STYLE = 100_000  # characters of style sheets that are looked through
_LONGEST = 200  # characters; set phrases are short, paragraphs of a report are not
_COLON = "[:\uff1a]"
_TOOL = (
    "打印(?:本页|本文|此页)?|列印|关闭(?:窗口|本页|此页)?|關閉(?:視窗)?|返回(?:顶部|首页|上页|列表|上一页)?|回首頁|回到顶部|"
    "(?:加入)?收藏(?:本页|本站)?|设为首页|分享(?:到|至)?|微信(?:好友)?|(?:新浪|腾讯)?微博|QQ(?:空间|好友)?|朋友圈|"
    "字体|字號|字号|大|中|小|上一[页篇条]|下一[页篇条]|首页|末页|更多|登录|注册|网站地图|網站導覽|无障碍|繁体|简体|English|RSS"
)
_PHRASES = re.compile(
    rf"(?:[\s\[\]【】|>»/·,、()\uff08\uff09\uff1a:\-]*(?:{_TOOL}))+[\s\[\]【】|>»/·,、()\uff08\uff09\uff1a:\-]*"
    r"|(?:您|你)?(?:当前|现在|所在|目前|的)*位置\s*(?:" + _COLON + r"|[>»]).*"
    r"|(?:首页|首頁)\s*(?:>|»|›|→).*"
    rf"|[上下]一[篇条则頁页]\s*{_COLON}.*|[上下]一[篇条]\s*没有了.*"
    rf"|分享[到至]\s*{_COLON}.*|扫一扫.*(?:手机|微信|分享).*"
    r"|(?:相关|推荐|热点|热门|最新|精彩)(?:阅读|新闻|链接|推荐|文章|信息|搜索|报道|资讯)\s*" + f"{_COLON}?"
    rf"|友情链接\s*{_COLON}?.*|(?:栏目|网站|站内)(?:导航|列表|搜索)\s*{_COLON}?"
    r"|.*(?:设为首页|加入收藏).*|今天是\s*\d{4}年.*"
    r"|.*(?:ICP备|公网安备|公安备案号)\s*\d.*|.*(?:版权所有|Copyright\b|All Rights Reserved).*"
    rf"|(?:访问|点击|浏览|阅读)(?:量|数|次数|人数)?\s*{_COLON}\s*\d+\s*次?"
    rf"|.*网站标识码.*|(?:主办|承办)(?:单位)?\s*{_COLON}.*(?:邮编|邮政编码|电话|承办|备案).*|您是第\s*\d+\s*位.*|技术支持\s*{_COLON}.*",
    re.IGNORECASE,
)

Element = Any  # lxml elements carry no types


class Noise:
    """Tells what of one page is no part of its text."""

    def __init__(self, root: Element) -> None:
        self._whole = len(plain(root))
        sheets = "".join("".join(style.itertext()) for style in root.iter("style"))[:_LONGEST_STYLE]
        self._unseen = {
            (found[1], found[2])
            for rule in _RULE.finditer(sheets)
            if _UNSEEN.search(rule[2])
            for selector in rule[1].split(",")
            if (found := _SELECTOR.fullmatch(selector))
        }

    def is_left_out(self, element: Element) -> bool:
        """A name alone never takes away half of the page's text."""
        if element.tag in ("body", "article", "main"):
            return False
        if element.tag in _TAGS:
            inside_article = any(above.tag in ("article", "main") for above in element.iterancestors())
            return not (element.tag == "header" and inside_article)  # the title of an article
        if self.is_hidden(element):
            return True
        small = 2 * len(plain(element)) < self._whole
        return _is_link_list(element) or (small and (element.tag == "form" or _is_named_noise(element)))

    def is_hidden(self, element: Element) -> bool:
        """Not shown by the element's own style or by a plain rule of the page's style sheet, or the mark of a note."""
        if element.tag in ("script", "style", "template", "noscript", "rt", "rp"):
            return True
        if "hidden" in element.attrib or _UNSEEN.search(element.get("style", "")):
            return True
        if element.tag in ("a", "sup") and _is_note_mark(element):
            return True
        names = {(".", name) for name in element.get("class", "").split()} | {("#", element.get("id", ""))}
        return bool(names & self._unseen)


def is_phrase(text: str) -> bool:
    """Whether a paragraph is one of the set phrases around a text: place, tools, neighbours, licence numbers."""
    return len(text) <= _LONGEST and _PHRASES.fullmatch(text) is not None


def is_link(element: Element) -> bool:
    """A link to elsewhere, not the mark of a place in this page."""
    return element.tag == "a" and ("href" in element.attrib or not {"name", "id"} & set(element.attrib))


def plain(element: Element) -> str:
    """The text without any blanks."""
    return "".join("".join(element.itertext()).split())


def _is_note_mark(element: Element) -> bool:
    """The raised number that leads to a note, or the one at the note that leads back."""
    targets = [link.get("href", "") for link in element.iter("a")]
    raised = element.tag == "sup" and any(target.startswith("#") for target in targets)
    return len(plain(element)) <= _LONGEST_MARK and (raised or any(map(_NOTE_LINK.match, targets)))


def _is_named_noise(element: Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return any(part.lower() in _NAMES for part in _PARTS.findall(names))


def _is_link_list(element: Element) -> bool:
    """Three links or more that make up most of the text; a table must be links nearly through and through."""
    if element.tag not in ("div", "ul", "ol", "dl", "section", "table", "p"):
        return False
    links = [len(plain(link)) for link in element.iter("a") if is_link(link)]
    share = 0.9 if element.tag == "table" else 0.6
    return len(links) >= 3 and sum(links) > share * max(1, len(plain(element)))
