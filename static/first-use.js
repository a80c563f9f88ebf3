// Loads a script when a visitor first turns to something it helps with, instead of with the page:
// <script src="…/first-use.js" defer data-load="…/htmx.min.js"></script>. Until then, and without
// script, forms and links work as they do everywhere.
(() => {
  const { load } = document.currentScript.dataset;
  const signs = ["focusin", "pointerover", "pointerdown"];
  const helped = "main :is(a, button, input, select, textarea, label)";

  const fetched = () => {
    for (const sign of signs) removeEventListener(sign, noticed);
    const script = document.createElement("script");
    script.src = load;
    document.head.append(script);
  };
  const noticed = ({ target }) => {
    if (target.closest?.(helped)) fetched();
  };
  const begin = () => {
    // a page that the script put into the history is put back by it
    if (history.state?.htmx) fetched();
    else for (const sign of signs) addEventListener(sign, noticed, { passive: true });
  };

  // htmx added between these two events would wait for one that is over
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
})();
