// What Streamlit's own elements lack: the language of the page, roles that screen readers can follow, our words for its
// English ones (WORDS: English -> Chinese, written before this by shell.py).
const SAID = ["aria-label", "placeholder", "title"];
const TEXTS = '[data-testid="stSkipToContent"], [data-testid="stDialog"]';

const set = (element, name, value) => {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
};

const translated = (root) => {
  for (const name of SAID)
    for (const each of root.querySelectorAll(`[${name}]`)) {
      const word = WORDS[each.getAttribute(name)];
      if (word) each.setAttribute(name, word);
    }
  for (const each of root.querySelectorAll(TEXTS)) {
    const walker = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const word = WORDS[walker.currentNode.nodeValue.trim()];
      if (word) walker.currentNode.nodeValue = word;
    }
  }
};

const described = (root) => {
  // The menu's sections stand between its list and its entries: neither is a list to a screen reader then.
  for (const each of root.querySelectorAll('[data-testid="stSidebarNavItems"], [data-testid="stSidebarNavItems"] li'))
    set(each, "role", "none");
  // The lines in the tiles say again what stands in words above them; symbols stand beside their words.
  for (const each of root.querySelectorAll('[data-testid="stMetricChart"], [data-testid="stMarkdownContainer"] [role="img"][aria-label$=" icon"]'))
    set(each, "aria-hidden", "true");
};

const mend = () => {
  const english = new URLSearchParams(location.search).get("lang") === "en";
  set(document.documentElement, "lang", english ? "en" : "zh-CN");
  described(document.body);
  if (!english) translated(document.body);
};

let waiting = false;
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  setTimeout(() => {
    waiting = false;
    mend();
  }, 100);
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: SAID });
