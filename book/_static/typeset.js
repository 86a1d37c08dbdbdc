// A formula takes another width as source than typeset: the text appears when both are done, and does not move.
document.documentElement.classList.add("typesetting");
const shown = () => document.documentElement.classList.remove("typesetting");
window.addEventListener("DOMContentLoaded", () => (window.MathJax?.startup?.promise ?? Promise.resolve()).then(shown, shown));
setTimeout(shown, 2000);
