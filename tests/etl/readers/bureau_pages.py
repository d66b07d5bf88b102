"""Pages as bureaus publish them, each with what must be read of it. Names and numbers are invented."""

from __future__ import annotations

Expected = list[tuple[str, str]]

PORTAL = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"><title>x</title></head><body>
<div class="top"><a href="/">设为首页</a> | <a href="/">加入收藏</a> | 今天是2025年3月4日 星期二</div>
<ul id="mainNav"><li><a href="/">首页</a></li><li><a href="/a">政务公开</a></li><li><a href="/b">数据中心</a></li></ul>
<div class="weizhi">当前位置：<a href="/">首页</a> &gt; <a href="/a">工作动态</a> &gt; 正文</div>
<div class="article"><h1>关于春季学期控辍保学情况的通报</h1>
<div class="info">发布时间：2025-03-04 09:12 来源：基础教育股 浏览次数：1386 次 【字体：<a>大</a> <a>中</a> <a>小</a>】</div>
<div class="content"><p>　　截至2月底，全县在校学生23117人，
辍学4人。</p><p>　　请各校于3月20日前完成整改。</p></div>
<div class="tools"><a href="javascript:window.print()">【打印】</a><a href="javascript:window.close()">【关闭】</a></div>
<div class="bdsharebuttonbox">分享到：<a>微信</a><a>微博</a></div>
<p>上一篇：<a href="/1">2024年入学率达99.7%</a></p><p>下一篇：<a href="/2">新增学位1200个</a></p></div>
<div class="related"><h3>相关阅读</h3><ul><li><a href="/3">去年辍学12人</a></li><li><a href="/4">疫苗查验率98%</a></li></ul></div>
<div id="foot">主办：云岭县教育局 备案号：滇ICP备12345678号 电话：0870-1234567</div></body></html>"""
PORTAL_TEXT: Expected = [
    ("第1段", "关于春季学期控辍保学情况的通报"),
    ("第2段", "发布时间：2025-03-04 09:12 来源：基础教育股 浏览次数：1386 次 【字体：大 中 小】"),
    ("第3段", "截至2月底，全县在校学生23117人，辍学4人。"),
    ("第4段", "请各校于3月20日前完成整改。"),
]

# Everything arranged by tables, as pages around 2005 were.
TABLES = """<html><head><meta http-equiv=Content-Type content="text/html; charset=GBK"></head><body bgcolor=#ffffff>
<table width=980><tr><td><a href=1>首页</a></td><td><a href=2>机构设置</a></td><td><a href=3>通知公告</a></td></tr></table>
<table width=980><tr><td width=200 valign=top><table><tr><td>栏目导航</td></tr><tr><td><a href=4>食堂管理</a></td></tr>
<tr><td><a href=5>卫生检查</a></td></tr><tr><td><a href=6>安全工作</a></td></tr></table></td>
<td valign=top><table><tr><td align=center><b>食堂卫生检查结果</b></td></tr><tr><td>
<p>检查食堂68家，合格65家。</p><table border=1><tr><td>片区</td><td>合格</td></tr><tr><td>东片</td><td>33</td></tr>
<tr><td>西片</td><td>32</td></tr></table><p>不合格的3家限期整改。</p></td></tr>
<tr><td align=right>[<a href="#">打印本页</a>] [<a href="#">关闭窗口</a>]</td></tr></table></td></tr></table>
<table width=980><tr><td align=center>版权所有：云岭县教育局 ICP备09001234号-1 您是第356812位访问者</td></tr></table></body></html>"""
TABLES_TEXT: Expected = [
    ("第1段", "食堂卫生检查结果"),
    ("第2段", "检查食堂68家，合格65家。"),
    ("表1第1行", "片区\t合格"),
    ("表1第2行", "东片\t33"),
    ("表1第3行", "西片\t32"),
    ("第3段", "不合格的3家限期整改。"),
]

# Divisions with classes of the usual portal software; no nav, no footer elements.
MODERN = """<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"></head><body>
<div class="header-wrap"><div class="logo">云岭县人民政府</div><div class="search-box">热门搜索：<a>学位</a> <a>招生</a></div></div>
<div class="crumb-nav"><span>您所在的位置</span> &gt; <a>教育</a> &gt; <a>统计</a></div>
<main><article><header><h1>2025年秋季疫苗查验情况</h1></header>
<p>应查验<span>3102</span>人，已查验<span>3098</span>人。</p>
<ul><li>幼儿园补种41人；</li><li>小学补种17人。</li></ul>
<p>详见<a href="/x">附件1</a>、<a href="/y">附件2</a>、<a href="/z">附件3</a>所列学校名单，请及时核对并报送。</p></article>
<div class="prev-next"><span>上一篇：没有了</span><span>下一篇：<a href="/n">补种率97%</a></span></div>
<div class="social-share">扫一扫在手机打开当前页 <a>微信</a></div></main>
<div class="side-bar"><h4>热点推荐</h4><p><a>辍学率降至0.1%</a></p></div>
<div class="footer-box"><p>网站标识码：5306280001</p><p>滇公网安备 53062802000123号</p></div></body></html>"""
MODERN_TEXT: Expected = [
    ("第1段", "2025年秋季疫苗查验情况"),
    ("第2段", "应查验3102人，已查验3098人。"),
    ("第3段", "幼儿园补种41人；"),
    ("第4段", "小学补种17人。"),
    ("第5段", "详见附件1、附件2、附件3所列学校名单，请及时核对并报送。"),
]

# No classes at all: only the words tell what is no part of the text.
BARE = """<html><head><meta charset=gbk></head><body><p><a>首页</a> &gt;&gt; <a>教育动态</a> &gt;&gt; 正文</p>
<h2>柳河镇控辍工作小结</h2><p>全镇劝返学生5人。</p><p>打印 关闭</p><p>分享到：</p>
<p>上一篇：秋季开学检查88所学校</p><p>下一篇：无</p><p>相关新闻</p><ul><li><a>劝返11人</a></li><li><a>全县在校18000人</a></li></ul>
<p>版权所有 柳河镇中心学校 蜀ICP备2021000001号</p></body></html>"""
BARE_TEXT: Expected = [("第1段", "柳河镇控辍工作小结"), ("第2段", "全镇劝返学生5人。")]

TRADITIONAL = """<html><head><meta http-equiv="content-type" content="text/html; charset=big5"></head><body>
<div id="menu"><a>回首頁</a><a>網站導覽</a></div><h1>國小預防接種統計</h1><p>查驗學生731人，補種12人。</p>
<div><a>列印</a> <a>關閉</a></div></body></html>"""
TRADITIONAL_TEXT: Expected = [("第1段", "國小預防接種統計"), ("第2段", "查驗學生731人，補種12人。")]

# Words of the noise inside the text, and a table of links that is data.
DECEPTIVE = """<html><head><meta charset="gb2312"></head><body><div class="shared-content navigate"><h1>网络安全工作总结</h1>
<p>教师打印资料须登记，关闭机房电源21处。</p><p>上一篇报道提到的问题已整改8项。</p>
<p>分享经验的学校有6所。</p><p>学校网站备案号核对完成，共备案34个。</p>
<table><tr><th>学校</th><th>人数</th></tr><tr><td><a>甲校</a></td><td>210</td></tr><tr><td><a>乙校</a></td><td>198</td></tr>
<tr><td><a>丙校</a></td><td>177</td></tr></table></div></body></html>"""
DECEPTIVE_TEXT: Expected = [
    ("第1段", "网络安全工作总结"),
    ("第2段", "教师打印资料须登记，关闭机房电源21处。"),
    ("第3段", "上一篇报道提到的问题已整改8项。"),
    ("第4段", "分享经验的学校有6所。"),
    ("第5段", "学校网站备案号核对完成，共备案34个。"),
    ("表1第1行", "学校\t人数"),
    ("表1第2行", "甲校\t210"),
    ("表1第3行", "乙校\t198"),
    ("表1第4行", "丙校\t177"),
]

PAGES = {
    "portal": (PORTAL, "gbk", PORTAL_TEXT),
    "tables": (TABLES, "gbk", TABLES_TEXT),
    "modern": (MODERN, "utf-8", MODERN_TEXT),
    "bare": (BARE, "gbk", BARE_TEXT),
    "traditional": (TRADITIONAL, "big5", TRADITIONAL_TEXT),
    "deceptive": (DECEPTIVE, "gbk", DECEPTIVE_TEXT),
}
