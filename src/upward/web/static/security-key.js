// Lets the browser speak with a security key, and sends what the key says. Codes do the same without scripts.
(function () {
  "use strict";
  document.querySelectorAll("form[data-security-key]").forEach(function (form) {
    if (!window.webauthnJSON || !window.webauthnJSON.supported()) return;
    var options = JSON.parse(form.dataset.options);
    var button = form.querySelector("[data-use-key]");
    var failed = form.querySelector("[data-key-failed]");
    form.querySelector("[data-no-script]").hidden = true;
    button.hidden = false;
    button.addEventListener("click", function () {
      failed.hidden = true;
      var made = form.dataset.securityKey === "create";
      var asked = made ? window.webauthnJSON.create(options.creation_options) : window.webauthnJSON.get(options.request_options);
      asked.then(function (credential) {
        form.querySelector("[name=credential]").value = JSON.stringify(credential);
        form.submit();
      }, function () {
        failed.hidden = false;
        failed.focus();
      });
    });
  });
})();
