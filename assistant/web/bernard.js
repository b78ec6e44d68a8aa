/* Takes the reader where a citation points, and puts the focus where the next step is. No content is made here. */
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

  function ready() {
    if (box()) describe(box());
  }

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

  return { answered, faulted, ready, restarted };
})();
