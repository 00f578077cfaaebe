// Everything is in the page: no request is made, so that it works from a folder as well as from a server.
const SHOWN = 50;
const plain = (text) => text.toLowerCase().replace(/[\s_\-‐-–]+/g, " ").trim();
const entries = JSON.parse(document.getElementById("entries").textContent).map((entry) => ({
  ...entry,
  title: plain(entry.name),
  text: plain([entry.name, entry.kind, entry.says, entry.more, entry.where].join(" ")),
}));
const form = document.getElementById("search");
const query = document.getElementById("query");
const status = document.getElementById("status");
const results = document.getElementById("results");

// The name counts most, and the beginning of a word more than its middle; -1 where a word is not found.
function score(entry, words) {
  let sum = entry.title === words.join(" ") ? 20 : 0;
  for (const word of words) {
    if (!entry.text.includes(word)) return -1;
    if (` ${entry.title}`.includes(` ${word}`)) sum += 8;
    else if (entry.title.includes(word)) sum += 4;
    else if (` ${entry.text}`.includes(` ${word}`)) sum += 1;
  }
  return sum;
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function shown(entry) {
  const item = document.createElement("li");
  const link = element("a", entry.name);
  link.href = entry.where;
  item.append(link, " ", element("span", entry.kind));
  if (entry.says) item.append(element("p", entry.says));
  return item;
}

function find() {
  const words = plain(query.value).split(" ").filter(Boolean);
  const found = words.length
    ? entries
        .map((entry) => [score(entry, words), entry])
        .filter(([points]) => points >= 0)
        .sort(([one], [other]) => other - one)
    : [];
  results.hidden = !found.length;
  results.firstElementChild.replaceChildren(...found.slice(0, SHOWN).map(([, entry]) => shown(entry)));
  const more = found.length > SHOWN ? `, of which the best ${SHOWN} are shown. Add a word to find fewer` : "";
  const number = found.length === 1 ? "1 result" : `${found.length || "No"} results`;
  status.textContent = words.length ? `${number} for “${query.value.trim()}”${more}.` : "";
}

function ask() {
  query.value = new URLSearchParams(location.hash.slice(1)).get("q") ?? query.value;
  find();
}

let waiting;
query.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    find();
    const words = query.value.trim();
    history.replaceState(null, "", words ? `#${new URLSearchParams({ q: words })}` : location.pathname);
  }, 200);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  find();
  results.querySelector("a")?.focus();
});
window.addEventListener("hashchange", ask);
form.hidden = false;
ask();
