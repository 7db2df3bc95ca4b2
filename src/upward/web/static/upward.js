// Saves steps only: every task works without this file.
(function () {
  "use strict";
  // The line after saving, or the summary of errors, takes the focus.
  document.addEventListener("DOMContentLoaded", function () {
    var first = document.querySelector(".errsum[autofocus], .saved[autofocus]");
    if (first) first.focus({ preventScroll: false });
  });
  // A form with drafts says so after each draft that the server kept; typed text warns before it is left unsaved.
  var dirty = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-draft]")) dirty = true;
  });
  document.addEventListener("submit", function () { dirty = false; });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.detail.successful && event.detail.elt.matches && event.detail.elt.matches("form[data-draft]")) dirty = false;
  });
  window.addEventListener("beforeunload", function (event) { if (dirty) event.preventDefault(); });
})();
