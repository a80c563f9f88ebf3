// The search page of an export: asks offline-search.js and shows what it finds, while one types too.
(() => {
  const WAIT = 150, PAGE = 10, TREE_SHARE = 0.55, MOST_TREES = 2;
  const root = document.getElementById("results"), hits = document.getElementById("hits");
  const said = document.getElementById("said"), more = document.getElementById("more");
  const heading = root.querySelector("h1"), words = root.dataset, name = document.title;
  const types = JSON.parse(document.getElementById("types").textContent);
  const form = document.querySelector("form[role=search]"), box = form.q;
  const find = waypost.index(waypost.data);
  let found = [], timer;

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  };

  function result(hit) {
    const item = element("li"), article = element("article", "result"), title = element("h2");
    const link = element("a", "", hit.title), meta = element("div", "meta");
    link.href = hit.url;
    title.append(link);
    meta.append(element("span", "chip", hit.type === "tree" ? words.tree : types[hit.type]));
    for (const code of hit.codes.slice(0, 3)) meta.append(element("span", "chip errcode", code));
    if (hit.type !== "tree") meta.append(element("span", "", words.article.replace("{n}", hit.id)));
    article.append(title, ...(hit.summary ? [element("p", "", hit.summary)] : []), meta);
    item.append(article);
    return item;
  }

  const shown = () => hits.children.length;

  function next() {
    hits.append(...found.slice(shown(), shown() + PAGE).map(result));
    more.hidden = shown() >= found.length;
  }

  function search(text) {
    const all = text ? find(text) : [], best = all[0]?.score ?? 0;
    const isTree = (hit) => hit.type === "tree";
    const trees = all.filter((hit) => isTree(hit) && hit.score >= best * TREE_SHARE).slice(0, MOST_TREES);
    found = [...trees, ...all.filter((hit) => !isTree(hit))];
    hits.replaceChildren();
    next();
    const count = found.length === 1 ? words.one : words.many.replace("{n}", found.length);
    heading.textContent = !text ? words.start : found.length ? count : words.none.replace("{q}", text.slice(0, 80));
    said.textContent = text ? heading.textContent : "";
    document.title = text ? `${text.slice(0, 60)} · ${name}` : name;
  }

  const address = (text) => `${location.pathname}${text ? `?${new URLSearchParams({ q: text })}` : ""}`;

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => search(box.value.trim()), WAIT);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    try { history.replaceState(null, "", address(box.value.trim())); } catch { /* some browsers keep addresses of files as they are */ }
    search(box.value.trim());
  });
  more.addEventListener("click", () => {
    const first = shown();
    next();
    hits.children[first]?.querySelector("a").focus();
  });
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  search(box.value.trim());
})();
