/* Takes the reader where a citation points, and puts the focus where the next step is. Sends forms to
   the page's own server and puts its replies in their places. No content is made here. */
window.bernard = (() => {
  let cameFrom = null;

  const byAddress = (link) => document.getElementById(link.getAttribute("href").slice(1));

  function show(target, words) {
    for (let above = target; above; above = above.parentElement) {
      if (above.tagName === "DETAILS") above.open = true;
    }
    for (const chosen of document.querySelectorAll(".b-chosen")) chosen.classList.remove("b-chosen");
    for (const mark of words) mark.classList.add("b-chosen");
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
    if (words.length) words[0].scrollIntoView({ block: "nearest" });
  }

  function follow(event) {
    const link = event.target.closest && event.target.closest('a[href^="#"]');
    if (!link || event.ctrlKey || event.metaKey) return;
    let target = byAddress(link);
    if (!target) return;
    event.preventDefault(); /* The page has a <base>, so the browser itself might reload it and lose the conversation. */
    if (link.classList.contains("b-skip")) {
      target = target.querySelector("textarea") || target;
    } else if (link.classList.contains("b-back")) {
      if (cameFrom && cameFrom.isConnected) target = cameFrom;
    } else {
      cameFrom = link;
    }
    const claim = link.dataset.claim;
    const marks = claim ? [...target.querySelectorAll("mark")].filter((m) => m.dataset.claims.split(" ").includes(claim)) : [];
    show(target, marks);
  }

  document.addEventListener("click", follow);

  const box = () => document.querySelector("#question textarea");

  /* The reader's choice is asked as if it had been typed, so that it stands in the conversation like any question. */
  async function choose(event) {
    const button = event.target.closest && event.target.closest("button.b-choice");
    const ask = document.querySelector("button#ask");
    if (!button || !ask || ask.disabled) return;
    const input = box();
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(input, button.dataset.question);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => setTimeout(done, 50)); /* Gradio takes up what was typed in its next turn. */
    ask.click();
  }

  document.addEventListener("click", choose);

  /* Gradio puts the hint inside the label. A screen reader should hear the label as the name and the hint after it. */
  function describe(input, ...others) {
    const hint = document.querySelector("#question .info-text");
    if (hint) hint.id = "question-hint";
    input.setAttribute("aria-label", "Your question");
    input.setAttribute("aria-describedby", ["question-hint", ...others].join(" "));
  }

  /* The conversation's name stands in the fragment, which a browser sends to no server and keeps over a reload. */
  const MARK = "#conversation=";

  function ready() {
    if (box()) describe(box());
    return [location.hash.startsWith(MARK) ? decodeURIComponent(location.hash.slice(MARK.length)) : ""];
  }

  function named(element) {
    const name = element.querySelector("[data-conversation]")?.dataset.conversation || "";
    const address = location.pathname + location.search + (name ? MARK + encodeURIComponent(name) : "");
    history.replaceState(history.state, "", address);
  }

  /* What a form holds: each name with the list of its values. */
  function fields(form) {
    const held = {};
    for (const [name, value] of new FormData(form)) (held[name] ||= []).push(String(value));
    return held;
  }

  function choices() {
    const form = document.getElementById("filters-form");
    return form ? JSON.stringify(fields(form)) : "";
  }

  /* How many choices are made is said on the closed panel. */
  function counted() {
    const form = document.getElementById("filters-form");
    const set = form && form.parentElement.querySelector(".b-filters-set");
    if (!set) return;
    const number = [...new FormData(form)].filter(([name, value]) => value.trim()).length;
    set.textContent = number ? ` (${number} chosen)` : "";
  }

  document.addEventListener("change", counted);
  document.addEventListener("reset", () => setTimeout(counted));

  /* Forms and buttons with data-act are sent to the page's own server through Gradio. */
  function submit(event) {
    const form = event.target.closest && event.target.closest("form");
    if (!form || form.matches(".b-files, .b-leave")) return;
    event.preventDefault();
    const act = form.dataset.act && api.act[form.dataset.act];
    if (act) act({ ...form.dataset, ...fields(form) });
  }

  function press(event) {
    const button = event.target.closest && event.target.closest("button[data-act]");
    const act = button && api.act[button.dataset.act];
    if (act) act({ ...button.dataset });
  }

  document.addEventListener("submit", submit);
  document.addEventListener("click", press);

  function opened(event) {
    const details = event.target;
    if (!details.open || !details.matches || !details.matches(".b-more") || details.dataset.asked) return;
    details.dataset.asked = "yes";
    api.act.more({ ...details.dataset });
  }

  document.addEventListener("toggle", opened, true); /* "toggle" does not bubble. */

  /* A reply was written by the server for one place on the page; it is put there. */
  function replied(element) {
    const reply = element.querySelector("[data-for]");
    const place = reply && document.getElementById(reply.dataset.for);
    if (place) place.replaceChildren(...[...reply.childNodes].map((node) => node.cloneNode(true)));
  }

  function listed(element) {
    const panel = element.querySelector("details[open]");
    if (panel) panel.querySelector("input[type=search]").focus();
  }

  async function copy(event) {
    const button = event.target.closest && event.target.closest("button[data-copy]");
    if (!button) return;
    const held = document.getElementById(button.dataset.from);
    const plain = held.querySelector('[data-form="plain"]').textContent;
    const rich = held.querySelector('[data-form="rich"]').textContent;
    const said = button.closest(".b-tool-body").querySelector(".b-said");
    try {
      const forms = { "text/plain": new Blob([plain], { type: "text/plain" }) };
      if (button.dataset.copy === "rich") forms["text/html"] = new Blob([rich], { type: "text/html" });
      await navigator.clipboard.write([new ClipboardItem(forms)]);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Your browser does not let this page copy. Select the answer and copy it yourself.";
    }
  }

  document.addEventListener("click", copy);

  function answered(element) {
    const questions = element.querySelectorAll(".b-question");
    if (!questions.length) return;
    const latest = questions[questions.length - 1];
    latest.focus({ preventScroll: true });
    latest.scrollIntoView({ block: "start" });
  }

  function faulted(element) {
    const text = element.querySelector(".b-fault-text");
    const input = box();
    if (!input) return;
    if (!text) {
      input.removeAttribute("aria-invalid");
      describe(input);
      return;
    }
    input.setAttribute("aria-invalid", "true");
    describe(input, text.id);
    input.focus();
  }

  function restarted() {
    window.scrollTo(0, 0);
    const input = box();
    if (input) input.focus();
  }

  /* Whether the server still knows the reader is told by its reply to what the page sends. */
  const plainFetch = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const reply = await plainFetch(...asked);
    const words = document.querySelector(".b-signed-out");
    if (words && String(reply.url).includes("/gradio_api/queue/join")) {
      words.hidden = reply.status !== 401 && reply.status !== 403;
      document.documentElement.classList.toggle("b-told", !words.hidden);
      if (!words.hidden) words.scrollIntoView({ block: "nearest" });
    }
    return reply;
  };

  const api = { act: {}, answered, choices, faulted, listed, named, ready, replied, restarted };
  return api;
})();
