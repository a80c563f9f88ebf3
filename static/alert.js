// Lets the alert strip be closed. What was closed is remembered in this browser alone, by the alert and its day,
// so an alert that changes is shown again. Runs where the strip stands, so a closed one is never seen.
(() => {
  const strip = document.currentScript?.previousElementSibling;
  if (!strip?.dataset.mark) return;
  const { mark, close } = strip.dataset;
  const key = "closed-alerts";

  const closed = () => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? [];
    } catch {
      return [];
    }
  };

  if (closed().includes(mark)) {
    strip.remove();
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "close";
  button.setAttribute("aria-label", close);
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(key, JSON.stringify([...closed().slice(-19), mark]));
    } catch {
      // a browser that keeps nothing closes it for this page
    }
    strip.remove();
    document.getElementById("main")?.focus({ preventScroll: true });
  });
  strip.firstElementChild.append(button);
})();
