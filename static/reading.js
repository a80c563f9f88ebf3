// Helps with reading an article: the contents follow, headings give their link, pictures open in full. Its words come
// from the page. Without script the contents are a list of links and a picture is a link to its file.
(() => {
  const words = document.currentScript?.dataset ?? {};
  const prose = document.querySelector(".prose");
  if (!prose) return;

  follow();
  for (const heading of prose.querySelectorAll("h2[id], h3[id]")) anchor(heading);
  zoom();

  // ---- the contents mark the section that is read
  function follow() {
    const toc = document.querySelector(".toc");
    const links = new Map();
    for (const link of toc?.querySelectorAll("a[href^='#']") ?? []) {
      const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (heading) links.set(heading, link);
    }
    if (!links.size) return;
    const headings = [...links.keys()];
    let current;

    // the last heading above the upper third, else the first; at the end of the page the last one in sight
    const mark = () => {
      const line = innerHeight / 3;
      const end = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight - 2;
      const passed = headings.filter((one) => one.getBoundingClientRect().top <= (end ? innerHeight - 40 : line));
      const next = links.get(passed.at(-1) ?? headings[0]);
      if (next === current) return;
      current?.removeAttribute("aria-current");
      next.setAttribute("aria-current", "true");
      current = next;
      const box = toc.querySelector("ol");
      const top = next.offsetTop - box.offsetTop;
      if (box.scrollHeight > box.clientHeight) box.scrollTop = top - box.clientHeight / 2;
    };

    const seen = new IntersectionObserver(mark, { rootMargin: "0px 0px -66% 0px", threshold: [0, 1] });
    for (const heading of headings) seen.observe(heading);
    addEventListener("scrollend", mark, { passive: true });
    toc.addEventListener("click", (event) => {
      const fold = toc.querySelector("details");
      if (event.target.closest("a") && matchMedia("(max-width: 64rem)").matches) fold.open = false;
    });
    mark();
  }

  // ---- a heading's link, copied with one click
  function anchor(heading) {
    const link = document.createElement("a");
    link.className = "anchor";
    link.href = `#${heading.id}`;
    link.setAttribute("aria-label", (words.anchor ?? "{part}").replace("{part}", heading.textContent.trim()));
    link.addEventListener("click", async () => {
      const address = new URL(link.href);
      try {
        await navigator.clipboard.writeText(address.href);
        say(words.anchored);
        link.classList.add("copied");
        setTimeout(() => link.classList.remove("copied"), 2000);
      } catch {
        // without a clipboard the link leads to the heading, and the address bar holds it
      }
    });
    heading.append(link);
  }

  function say(text) {
    let status = document.getElementById("reading-said");
    if (!status) {
      status = document.createElement("p");
      status.id = "reading-said";
      status.className = "vh";
      status.setAttribute("role", "status");
      document.body.append(status);
    }
    status.textContent = "";
    requestAnimationFrame(() => (status.textContent = text ?? ""));
  }

  // ---- a picture in full: a dialog with the picture, its words, and two buttons
  function zoom() {
    const links = prose.querySelectorAll("a.zoom");
    if (!links.length || !window.HTMLDialogElement) return;
    const box = document.createElement("dialog");
    box.className = "zoomed";
    const bar = document.createElement("div");
    const size = button(words.actual);
    const close = button(words.close);
    const frame = document.createElement("div");
    const image = document.createElement("img");
    const said = document.createElement("p");
    bar.append(said, size, close);
    frame.append(image);
    frame.tabIndex = 0;
    box.append(bar, frame);
    document.body.append(box);

    const fit = (whole) => {
      box.classList.toggle("actual", !whole);
      size.textContent = whole ? words.actual : words.fit;
      size.setAttribute("aria-pressed", String(!whole));
      frame.scrollTo(0, 0);
    };
    size.addEventListener("click", () => fit(box.classList.contains("actual")));
    close.addEventListener("click", () => box.close());
    box.addEventListener("click", (event) => event.target === box && box.close());

    for (const link of links) {
      link.setAttribute("aria-haspopup", "dialog");
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        image.src = link.href;
        image.alt = said.textContent = link.querySelector("img").alt;
        box.setAttribute("aria-label", image.alt);
        fit(true);
        box.showModal();
        close.focus();
      });
    }
  }

  function button(text) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "second sm";
    made.textContent = text ?? "";
    return made;
  }
})();
