// On the first page of an export: goes to the browser's language, else to the first there is.
(() => {
  const links = [...document.querySelectorAll("#languages a")];
  const wanted = navigator.languages.map((one) => one.split("-")[0]);
  const best = wanted.map((lang) => links.find((link) => link.hreflang === lang)).find(Boolean) ?? links[0];
  if (best) location.replace(best.href);
})();
