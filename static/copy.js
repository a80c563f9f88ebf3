// Puts a Copy button on every code block. Its words come from the page: <script src="…/copy.js" defer
// data-copy="Copy" data-copied="Copied"></script>. Without script there is no button and nothing is lost.
(() => {
  const { copy = "Copy", copied = "Copied" } = document.currentScript?.dataset ?? {};

  const overflowing = (pre) => pre.scrollWidth > pre.clientWidth;

  for (const block of document.querySelectorAll(".highlight")) {
    const pre = block.querySelector("pre");
    if (!pre) continue;
    if (overflowing(pre)) pre.tabIndex = 0;
    if (!navigator.clipboard) continue;

    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy quiet sm";
    button.textContent = copy;
    const said = document.createElement("span");
    said.className = "vh";
    said.setAttribute("role", "status");

    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(pre.innerText.trimEnd());
      button.textContent = said.textContent = copied;
      setTimeout(() => {
        button.textContent = copy;
        said.textContent = "";
      }, 2000);
    });
    pre.before(button);
    block.append(said);
  }
})();
