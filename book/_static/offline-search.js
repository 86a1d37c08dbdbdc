// The search shows an excerpt of each page it finds, for which it asks for the page. A book opened as files may not do
// that: the results then come without excerpts, and without an error for each of them.
if (window.location.protocol === "file:") {
  DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
}
