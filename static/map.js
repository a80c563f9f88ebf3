// Begins a tree's drawing at its first question, which may stand far from the left edge. Without script the
// drawing begins at the edge, and nothing is lost.
(() => {
  for (const canvas of document.querySelectorAll(".canvas")) {
    const first = canvas.querySelector("a.node");
    if (!first) continue;
    const [box, frame] = [first.getBoundingClientRect(), canvas.getBoundingClientRect()];
    canvas.scrollLeft += box.left + box.width / 2 - (frame.left + frame.width / 2);
    canvas.scrollTop += Math.min(0, box.top - frame.top);
  }
})();
