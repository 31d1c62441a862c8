// Keeps a served page as new as what it shows: the server says that something changed, the page takes what is marked from itself again.
const bar = document.querySelector("[data-events]"), told = bar.querySelector("[data-part=told]"), fresh = bar.querySelector("[data-part=fresh]");
let version = bar.dataset.version, isBusy = false, wanted = version;

function tell(state, text) {
  told.dataset.state = state;
  told.textContent = text;
}

// Elements that somebody opened or ticked stay so.
function exchange(page) {
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = page.querySelector(`[data-live="${old.dataset.live}"]`);
    if (!now || now.innerHTML === old.innerHTML) continue;
    const opened = [...old.querySelectorAll("details")].map(each => each.open);
    const ticked = new Set([...old.querySelectorAll("input:checked")].map(each => each.value));
    [...now.querySelectorAll("details")].forEach((each, i) => { each.open = opened[i] ?? each.open; });
    for (const each of now.querySelectorAll("input")) each.checked = ticked.has(each.value);
    old.replaceChildren(...now.childNodes);
  }
  const newer = page.querySelector("[data-events]"), more = newer ? newer.dataset.samples - bar.dataset.samples : 0;
  if (document.getElementById("samples") || more <= 0) {
    fresh.hidden = more <= 0;
    fresh.textContent = `Show ${more.toLocaleString("en")} new samples`;
  }
  return newer ? newer.dataset.version : null;
}

async function refresh() {
  if (isBusy) return;
  isBusy = true;
  try {
    while (wanted !== version) {
      const aim = wanted, answer = await fetch(bar.dataset.again, { cache: "no-store" });
      const got = exchange(new DOMParser().parseFromString(await answer.text(), "text/html"));
      version = got ?? aim;
      if (wanted === aim) break; // what came may be newer still; the server tells
    }
    bar.dataset.version = version;
    document.body.dataset.refreshed = Number(document.body.dataset.refreshed ?? 0) + 1;
  } catch {
    tell("lost", "no connection, trying again");
  } finally {
    isBusy = false;
  }
}

// A browser opens six connections to a server: a page that nobody sees gives its own back.
let source = null;
function listen() {
  source?.close();
  source = null;
  if (document.hidden) return;
  source = new EventSource(bar.dataset.events);
  source.addEventListener("open", () => tell("live", "live"));
  source.addEventListener("error", () => tell("lost", "no connection, trying again"));
  source.addEventListener("version", event => {
    wanted = event.data;
    if (wanted !== version) refresh();
  });
}

listen();
document.addEventListener("visibilitychange", listen);
fresh.addEventListener("click", () => location.reload());
