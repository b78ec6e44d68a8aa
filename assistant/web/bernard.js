/* Takes the reader where a citation points, and puts the focus where the next step is. Sends forms to
   the page's own server and puts its replies in their places. Beside what a file is doing, no
   content is made here. */
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
    if (location.hash.startsWith(MARK)) turning = Date.now();
    return [location.hash.startsWith(MARK) ? decodeURIComponent(location.hash.slice(MARK.length)) : ""];
  }

  /* The conversation that the page shows: another object for each, so that what is dropped into one stays with it. It has no
     name before its first answer or document. */
  let here = { name: "" };
  let turning = 0; /* when the reader last went to another conversation that is not here yet; 0 when it is */

  const isTurning = () => Date.now() - turning < 15000;

  function named(element) {
    const mark = element.querySelector("[data-conversation]");
    const name = mark?.dataset.conversation || "";
    const address = location.pathname + location.search + (name ? MARK + encodeURIComponent(name) : "");
    history.replaceState(history.state, "", address);
    if (mark?.dataset.opened) turning = 0;
    if (mark?.dataset.opened || (here.name && here.name !== name)) {
      here = { name };
      tidy();
    } else here.name = name;
  }

  /* What a form holds: each name with the list of its values. */
  function fields(form) {
    const held = {};
    for (const [name, value] of new FormData(form)) (held[name] ||= []).push(String(value));
    return held;
  }

  function choices() {
    const forms = ["filters-form", "own-scope"].map((name) => document.getElementById(name)).filter((form) => form);
    return forms.length ? JSON.stringify(Object.assign({}, ...forms.map(fields))) : "";
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

  async function press(event) {
    const button = event.target.closest && event.target.closest("button[data-act]");
    const act = button && api.act[button.dataset.act];
    if (!act) return;
    const sent = { ...button.dataset };
    if (sent.act === "keep" && sent.do === "open") {
      while (isBeginning) await pause(100); /* else its reply could come on top of the conversation that is opened */
      turning = Date.now();
    }
    act(sent);
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

  /* A reply was written by the server for one place on the page; it is moved there, so that no id is on the page twice. */
  function replied(element) {
    const reply = element.querySelector("[data-for]");
    const place = reply && document.getElementById(reply.dataset.for);
    if (place && reply.childNodes.length) place.replaceChildren(...reply.childNodes);
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
    if (text) turning = 0;
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

  /* Documents of one's own are sent one by one to the page's own server, which says in its own words how each one goes. Each
     goes into the conversation that was shown when it was dropped, whatever is shown by then. */
  const busy = () => document.querySelector("button#ask")?.disabled;
  const pause = (time) => new Promise((done) => setTimeout(done, time));
  let isBeginning = false;

  /* The name of a conversation, which is begun if need be; "" when that cannot be done, or another is shown meanwhile. */
  async function begun(into) {
    while (!into.name && into === here && (busy() || isTurning())) await pause(100); /* an answer under way names it */
    if (into.name || into !== here) return into.name;
    isBeginning = true;
    api.act.documents({ do: "begin" });
    for (let waited = 0; waited < 15000 && !into.name && into === here; waited += 100) await pause(100);
    isBeginning = false;
    return into.name;
  }

  function row(list, file) {
    const item = document.createElement("li");
    const words = document.createElement("span");
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", file.name);
    item.append(Object.assign(document.createElement("strong"), { textContent: file.name }), " ", words, bar);
    list.append(item);
    return {
      say(text) { words.textContent = text; },
      at(done, of) { if (of) { bar.max = of; bar.value = done; } else bar.removeAttribute("value"); },
      end(good) { bar.remove(); item.classList.add(good ? "b-sent" : "b-refused"); },
    };
  }

  const LOST = "could not be sent: the connection was broken off. It may be too large; else try again.";
  const UNREADABLE = "may not have been added: the reply of the server cannot be read. Reload the page and look at the list.";
  const SILENT = "may not have been added: the server has said nothing for 10 minutes. Reload the page and look at the list.";
  const PATIENCE = 600000;

  /* Sends one file; true when it was added. Ends whatever happens, since the next ones wait for it. */
  function send(file, shown, to) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const form = new FormData();
      let last = null;
      let read = 0;
      let isOver = false;
      let heard = Date.now();
      const end = (words) => {
        if (isOver) return;
        isOver = true;
        clearInterval(watch);
        if (words) shown.say(words);
        const good = !words && last.stage === "added";
        shown.end(good);
        done(good);
      };
      const watch = setInterval(() => {
        if (Date.now() - heard < PATIENCE) return;
        end(SILENT);
        request.abort();
      }, 5000);
      const told = () => {
        heard = Date.now();
        const lines = request.responseText.slice(read).split("\n");
        read = request.responseText.length - lines.pop().length; /* the last one has not come to its end */
        try {
          for (const line of lines) last = JSON.parse(line);
        } catch {
          end(UNREADABLE);
          request.abort();
          return;
        }
        if (last) { shown.say(last.words); shown.at(last.done, last.of); }
      };
      const refused = () => {
        if (request.status === 401) return "was not added: you are no longer signed in. Sign in again, then add it again.";
        const isPlain = (request.getResponseHeader("content-type") || "").startsWith("text/plain");
        return isPlain && request.responseText ? request.responseText.replace(/^It /, "") : UNREADABLE;
      };
      const loaded = () => {
        if (request.status !== 200) return end(refused());
        told();
        end(last && ["added", "refused"].includes(last.stage) ? "" : UNREADABLE);
      };
      form.append("file", file, file.name);
      request.open("POST", "/own/" + encodeURIComponent(to));
      request.upload.onprogress = (event) => {
        heard = Date.now();
        shown.say("is being sent…");
        shown.at(event.loaded, event.total);
      };
      request.onprogress = () => { if (request.status === 200 && !isOver) told(); };
      request.onload = loaded;
      request.onerror = request.onabort = request.ontimeout = () => end(LOST);
      request.send(form);
    });
  }

  let sending = Promise.resolve();
  let underWay = 0;

  /* Takes away what was said of files before, unless some are still on their way. */
  function tidy() {
    const list = document.getElementById("documents-sending");
    if (!list || underWay) return;
    list.replaceChildren();
    document.getElementById("documents-said").textContent = "";
  }

  async function sent(rows, into, largest) {
    const to = await begun(into);
    let added = 0;
    for (const [file, shown] of rows) {
      let why = "";
      if (!to && into !== here) why = "was not added: another conversation was opened before it could be sent. Add it again where you want it.";
      else if (!to) why = "was not added: no conversation could be begun. Reload the page and try again.";
      else if (file.size > largest) why = `is too large: a file may have ${largest / 2 ** 20} MiB. Split it, or make it smaller.`;
      if (why) {
        shown.say(why);
        shown.end(false);
      } else if (await send(file, shown, to)) added += 1;
    }
    const refused = rows.length - added;
    const elsewhere = added && to !== here.name ? " They are in the conversation into which you dropped them, not in this one." : "";
    const said = document.getElementById("documents-said");
    said.textContent = `${added} added.` + (refused ? ` ${refused} not added; the reason stands beside each.` : "") + elsewhere;
    if (to && to === here.name) api.act.documents({ do: "list" });
  }

  function add(files) {
    const input = document.getElementById("documents-input");
    if (!input || !files.length) return;
    document.getElementById("documents-panel").open = true;
    tidy();
    const list = document.getElementById("documents-sending");
    const into = here;
    const rows = files.map((file) => [file, row(list, file)]);
    document.getElementById("documents-said").textContent =
      files.length === 1 ? "Adding 1 document…" : `Adding ${files.length} documents…`;
    underWay += 1;
    sending = sending
      .then(() => sent(rows, into, Number(input.dataset.largest)))
      .catch(() => { document.getElementById("documents-said").textContent = "Something went wrong. Reload the page and look at the list."; })
      .finally(() => { underWay -= 1; });
  }

  document.addEventListener("change", (event) => {
    if (event.target.id !== "documents-input") return;
    add([...event.target.files]);
    event.target.value = ""; /* so that the same file can be chosen again */
  });

  const bringsFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");

  document.addEventListener("dragover", (event) => {
    if (!bringsFiles(event) || !document.getElementById("documents-panel")) return;
    event.preventDefault();
    document.getElementById("documents-panel").classList.add("b-dropping");
  });

  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.getElementById("documents-panel")?.classList.remove("b-dropping");
  });

  document.addEventListener("drop", (event) => {
    if (!bringsFiles(event) || !document.getElementById("documents-panel")) return;
    event.preventDefault();
    document.getElementById("documents-panel").classList.remove("b-dropping");
    add([...event.dataTransfer.files]);
  });

  /* How many there are is said on the closed panel; where to search is asked only when there are some. */
  function documented(element) {
    const was = document.activeElement && document.activeElement.closest("#documents-list");
    replied(element);
    if (was) document.querySelector("#documents-panel > summary").focus({ preventScroll: true }); /* its button is gone */
    const held = document.querySelector("#documents-list [data-documents]");
    const number = held ? Number(held.dataset.documents) : 0;
    const count = document.getElementById("documents-count");
    const scope = document.getElementById("own-scope");
    if (count) count.textContent = number ? ` (${number})` : "";
    if (scope) {
      scope.hidden = !number;
      if (!number) scope.reset();
    }
  }

  const api = { act: {}, answered, choices, documented, faulted, listed, named, ready, replied, restarted };
  return api;
})();
