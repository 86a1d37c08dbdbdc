// A figure that scrolls is reached by the keyboard, one that does not is no stop on the way.
const stops = () =>
  document.querySelectorAll(".panels").forEach((figure) => {
    if (figure.scrollWidth > figure.clientWidth) figure.tabIndex = 0;
    else figure.removeAttribute("tabindex");
  });
for (const event of ["load", "resize"]) window.addEventListener(event, stops);
