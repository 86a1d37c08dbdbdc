// A formula takes another width as source than typeset: the text appears when both are done, and does not move.
document.documentElement.classList.add("typesetting");
// A formula that scrolls is reached by the keyboard, one that does not is no stop on the way.
const reach = () => {
  for (const formula of document.querySelectorAll("mjx-container"))
    if (formula.scrollWidth > formula.clientWidth && getComputedStyle(formula).overflowX !== "visible") formula.tabIndex = 0;
    else formula.removeAttribute("tabindex");
};
const shown = () => {
  // A formula inside a sentence that is wider than the window gets a line of its own, which scrolls.
  for (const formula of document.querySelectorAll("mjx-container:not([display])"))
    if (formula.getBoundingClientRect().width > (formula.closest("p, li, dd")?.clientWidth || Infinity))
      formula.classList.add("wide");
  // Bold are the numbers that a calculation wrote into the text, not the words.
  for (const pasted of document.querySelectorAll(".pasted-text"))
    pasted.classList.toggle("words", /^[A-Za-z]/.test(pasted.textContent));
  document.documentElement.classList.remove("typesetting");
  reach();
};
window.addEventListener("resize", reach);
window.addEventListener("DOMContentLoaded", () => (window.MathJax?.startup?.promise ?? Promise.resolve()).then(shown, shown));
setTimeout(shown, 2000);
