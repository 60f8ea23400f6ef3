// A button that copies the value of the field it names.
(() => {
  "use strict";
  const status = document.querySelector("[data-copy-status]");
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        // Over plain HTTP there is no clipboard; the old way still copies what is selected.
        document.execCommand("copy");
      }
      status.textContent = button.dataset.copied;
    });
  }
})();
