/* What the pages of consultations do beyond what they are sent as: progress by itself, and keys in the queue. All of it also
   goes without: by a link that asks how far it is, and by the form. */

"use strict";

(() => {
  const PAUSE = 1500;

  /* Progress: asks until it has ended, then shows what came of it. */
  function follow(panel) {
    const words = panel.querySelector(".c-progress-words");
    const bar = panel.querySelector("progress");
    const link = panel.querySelector(".c-reload");
    if (link) link.hidden = true;
    let told = "";
    async function ask() {
      try {
        const reply = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
        if (!reply.ok) throw new Error(String(reply.status));
        const now = await reply.json();
        if (now.ended) {
          window.location.assign(now.next);
          return;
        }
        if (now.of) {
          bar.max = now.of;
          bar.value = now.done;
        } else {
          bar.removeAttribute("value");
        }
        /* The stage is heard when it changes; every number would be too much. */
        const stage = now.words.split(":")[0];
        words.setAttribute("role", stage === told ? "none" : "status");
        told = stage;
        words.textContent = now.words;
      } catch {
        if (link) link.hidden = false; /* signed out, or the server is gone: the reader can ask */
      }
      window.setTimeout(ask, PAUSE);
    }
    window.setTimeout(ask, PAUSE);
  }

  /* The queue: keys work while the focus is in it, so that they never surprise anybody elsewhere. */
  function review(part) {
    const form = part.querySelector("form");
    if (!form) return;
    const boxes = [...form.querySelectorAll("input[type=checkbox][name=theme]")];
    const press = (what) => form.querySelector(`button[value=${what}]`).click();
    part.querySelector(".c-keys").hidden = false;
    part.classList.add("c-has-keys");
    part.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const at = "123456789".indexOf(event.key);
      const key = event.key.toLowerCase();
      if (at >= 0 && at < boxes.length) boxes[at].checked = !boxes[at].checked;
      else if (key === "a") press("accept");
      else if (key === "s") press("skip");
      else return;
      event.preventDefault();
    });
    // What was just saved stands above the part that gets the focus, and is read out with it.
    if (document.getElementById("said")) part.setAttribute("aria-describedby", "said");
    if (!document.querySelector(".b-summary, .c-conflict")) part.focus({ preventScroll: true });
  }

  document.querySelectorAll("[data-progress]").forEach(follow);
  document.querySelectorAll("[data-review]").forEach(review);
  document.querySelector(".b-summary, .c-conflict")?.focus();
})();
