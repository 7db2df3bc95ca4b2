// Place search of the start page. Without it, the lists below lead everywhere; it only shortens the way.
(function () {
  "use strict";
  var home = document.getElementById("search");
  if (!home) return;
  var most = 12;
  var places = null;
  var input, list, status;

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
      .replace(/\bsaint\b/g, "st").replace(/[.'’]/g, "").replace(/[^a-z0-9]+/g, " ").trim();
  }

  function element(name, text) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    return made;
  }

  // The index is a script and not a request, because a page opened from a disk may not request files.
  function load() {
    if (places) return;
    places = [];
    var script = document.createElement("script");
    script.src = home.dataset.places;
    script.onload = function () {
      places = window.upwardPlaces.map(function (row) {
        return { code: row[0], name: row[1], key: plain(row[1] + " " + row[2]), start: plain(row[1]) };
      });
      show();
    };
    document.head.appendChild(script);
  }

  function matches(text) {
    var wanted = plain(text);
    if (!wanted) return [];
    var words = wanted.split(" ");
    var found = places.filter(function (place) {
      return place.code.indexOf(wanted) === 0 || words.every(function (word) {
        return (" " + place.key).indexOf(" " + word) >= 0;
      });
    });
    return found.sort(function (a, b) {
      return (b.start.indexOf(wanted) === 0) - (a.start.indexOf(wanted) === 0);
    });
  }

  function show() {
    list.textContent = "";
    status.textContent = "";
    if (input.value.trim().length < 2) return;
    var found = matches(input.value);
    found.slice(0, most).forEach(function (place) {
      var link = element("a", place.name);
      link.href = home.dataset.pages + place.code + ".html";
      var item = element("li");
      item.appendChild(link);
      list.appendChild(item);
    });
    status.textContent = found.length === 0 ? (places.length ? home.dataset.none : "")
      : found.length === 1 ? home.dataset.one : home.dataset.count.replace("{n}", String(found.length));
  }

  function build() {
    var label = element("label", home.dataset.label);
    label.htmlFor = "search-text";
    var help = element("span", home.dataset.help);
    help.className = "help";
    help.id = "search-help";
    input = element("input");
    input.id = "search-text";
    input.type = "search";
    input.autocomplete = "off";
    input.setAttribute("aria-describedby", "search-help");
    list = element("ul");
    list.id = "search-list";
    status = element("p");
    status.setAttribute("role", "status");
    status.className = "small muted";
    input.addEventListener("focus", load);
    input.addEventListener("input", function () { load(); show(); });
    input.addEventListener("keydown", function (event) {
      var first = list.querySelector("a");
      if (event.key === "Enter" && first) { event.preventDefault(); first.click(); }
      if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    });
    list.addEventListener("keydown", function (event) {
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
      var links = Array.prototype.slice.call(list.querySelectorAll("a"));
      var next = links.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
      event.preventDefault();
      (next < 0 ? input : links[Math.min(next, links.length - 1)]).focus();
    });
    [label, help, input, status, list].forEach(function (part) { home.appendChild(part); });
  }

  build();
}());
