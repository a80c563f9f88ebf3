// Puts a Copy button on every code block. Its words come from the page: <script src="…/copy.js" defer
// data-copy="Copy" data-copied="Copied"></script>. Without script there is no button and nothing is lost.
(() => {
  const { copy = "Copy", copied = "Copied" } = document.currentScript?.dataset ?? {};

  if (!navigator.clipboard) return;

  for (const pre of document.querySelectorAll(".code pre")) {
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
    pre.after(said);
  }
})();
