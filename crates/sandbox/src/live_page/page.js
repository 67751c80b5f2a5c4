// The live page of the sandbox. It asks for the state and for new requests twice a second, and draws them. All text is
// set as text, so nothing that a client sends becomes markup.

const PAUSE_MS = 500;
/** The number of requests that the page keeps. The server keeps as many. */
const MAX_EXCHANGES = 200;

const status = document.getElementById("status");
const list = document.getElementById("exchange-list");
/** The list's items by the number of their request. */
const items = new Map();
/** The revision of the newest change of the log that the page has drawn. */
let revision = 0;

function element(name, text, className) {
  const created = document.createElement(name);
  created.textContent = text;
  if (className) {
    created.className = className;
  }
  return created;
}

/** Replaces the rows of a table. Each row is a list of texts. */
function drawRows(id, rows) {
  const drawn = rows.map((cells) => {
    const row = document.createElement("tr");
    row.append(...cells.map((cell) => element("td", cell)));
    return row;
  });
  document.getElementById(id).replaceChildren(...drawn);
}

function sessionText({ active, polling, pending }) {
  const words = [active ? "present" : "absent", polling ? "polling" : "not polling"];
  return `${words.join(", ")}, ${pending} pending`;
}

function drawState(state) {
  const names = new Map(state.agents.map((agent) => [agent.client_id, agent.name]));
  drawRows(
    "engagement-rows",
    state.engagements.map((it) => [
      it.engagement_id,
      [it.visitor.firstName, it.visitor.lastName].filter(Boolean).join(" ") || "Visitor",
      it.phase,
      names.get(it.lead) ?? it.lead ?? "",
      sessionText(it.session),
    ]),
  );
  drawRows(
    "agent-rows",
    state.agents.map((it) => [
      it.account_id,
      it.name,
      it.available ? "yes" : "no",
      `${it.occupied} of ${it.max}`,
      sessionText(it.session),
    ]),
  );
  status.textContent = `Pool ${state.pool}, ${state.queue.length} waiting, ${state.engagements.length} engagements, ${state.agents.length} agents`;
}

/** What happened to a request: its status, or that it has none yet or will never have one. */
function outcome({ status: code, is_over }) {
  if (code !== null) {
    return String(code);
  }
  return is_over ? "closed by the client" : "held";
}

function drawExchange(exchange) {
  let item = items.get(exchange.number);
  if (!item) {
    item = document.createElement("li");
    item.append(document.createElement("details"));
    items.set(exchange.number, item);
    list.prepend(item);
  }
  const time = new Date(exchange.started_ms).toLocaleTimeString();
  const line = `${time} ${exchange.method} ${exchange.path}: ${outcome(exchange)}`;
  const summary = element("summary", line, exchange.status >= 400 ? "refused" : "");
  const request = element("pre", exchange.request || "(no body)");
  const answer = element("pre", exchange.answer || "(no answer)");
  item.firstChild.replaceChildren(summary, request, answer);
  if (items.size > MAX_EXCHANGES) {
    const [oldest] = items.keys();
    items.get(oldest).remove();
    items.delete(oldest);
  }
}

async function getJson(path) {
  const answer = await fetch(path);
  if (!answer.ok) {
    throw new Error(`${path} was answered ${answer.status}`);
  }
  return answer.json();
}

async function refresh() {
  try {
    drawState(await getJson("state"));
    const news = await getJson(`exchanges?after=${revision}`);
    // The sandbox was started again.
    if (news.revision < revision) {
      items.clear();
      list.replaceChildren();
    }
    revision = news.revision;
    news.exchanges.forEach(drawExchange);
  } catch (error) {
    status.textContent = `The sandbox does not answer (${error.message}).`;
  }
  setTimeout(refresh, PAUSE_MS);
}

for (const button of document.querySelectorAll("button[data-switch]")) {
  button.addEventListener("click", async () => {
    const answer = await fetch(button.dataset.switch, { method: "POST", body: button.dataset.body });
    status.textContent = answer.ok ? `Done: ${button.textContent}` : `Refused: ${await answer.text()}`;
  });
}

refresh();
