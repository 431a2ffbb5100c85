// The script of the pages of resources: sends their forms as JSON, which is all that the server takes, and says beside
// each field what is wrong with it. Everything else works without it.
import "./style.css";

const note_key = "troupe_note"; // what the page that comes next is to tell

/** Shows a sentence, or nothing. */
function tell(element, text) {
  element.textContent = text;
  element.hidden = text === "";
}

const field_faults = (form) => form.querySelectorAll(".field > .fault");

function clear_faults(form) {
  for (const fault of [form.querySelector(".fault"), ...field_faults(form)]) tell(fault, "");
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
}

const field_named = (form, name) => [...form.querySelectorAll(".field")].find((field) => field.dataset.name === name);
const entry_of = (field) => field.querySelector(".entry > :not(.state)");
const chosen = (select) => select.selectedOptions[0];

/** Says a fault beside its field; false: there is no such field. */
function blame(form, name, text) {
  const field = field_named(form, name);
  if (!field) return false;
  tell(field.querySelector(".fault"), text);
  entry_of(field).setAttribute("aria-invalid", "true");
  return true;
}

/** What a field says: value, null, default (it is left out), or missing (nothing was chosen). */
function state_of(field) {
  const select = field.querySelector("select");
  return select ? chosen(select).dataset.state : "value";
}

function was_touched(field) {
  const at_first = (select) => [...select.options].find((option) => option.defaultSelected) ?? select.options[0];
  const touched = (control) => control.tagName === "SELECT" ? chosen(control) !== at_first(control) : control.value !== control.defaultValue;
  return [...field.querySelectorAll("select, input, textarea")].some(touched);
}

/** The field's value as a JSON text; throws what is wrong with it. Numbers are not read: none loses a digit. */
function json_of(field) {
  const entry = entry_of(field);
  const text = entry.tagName === "SELECT" ? chosen(entry).textContent : entry.value;
  switch (field.dataset.form) {
    case "number":
      return /^\s*-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?\s*$/.test(text) ? text.trim() : JSON.stringify(text);
    case "boolean":
      return text;
    case "json":
      JSON.parse(text);
      return text;
    default:
      return JSON.stringify(text);
  }
}

/** The body to send: of a change only what was touched. undefined: there is a fault, and it has been told. */
function body_of(form) {
  const members = [];
  let faults = 0;
  for (const field of form.querySelectorAll(".field")) {
    const { name } = field.dataset;
    const state = state_of(field);
    if (state === "default" || state === "missing") continue;
    if (form.dataset.method === "PATCH" && !was_touched(field)) continue;
    try {
      members.push(`${JSON.stringify(name)}:${state === "null" ? "null" : json_of(field)}`);
    } catch (error) {
      blame(form, name, `${name} must be JSON: ${error.message}`);
      faults += 1;
    }
  }
  return faults > 0 ? undefined : `{${members.join(",")}}`;
}

/** Says what the server refused: beside the fields that it names, and above them what is about none. */
function explain(form, status, problem) {
  const rest = (problem.errors ?? []).filter(({ loc, msg }) => !(loc[0] === "body" && loc.length > 1 && blame(form, loc[1], msg)));
  const told = rest.map(({ msg }) => msg);
  if (status === 412) told.push("Somebody has changed this row since you opened this page. Load it again to see it as it is now.");
  else if (problem.errors === undefined || problem.errors.length === 0) told.push([problem.title, problem.detail].filter(Boolean).join(": "));
  tell(form.querySelector(".fault"), told.join(" "));
  const first = form.querySelector("[aria-invalid]") ?? form.querySelector(".fault:not([hidden])");
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

async function send(form) {
  const { method, path, tag, after } = form.dataset;
  clear_faults(form);
  const body = method === "DELETE" ? undefined : body_of(form);
  if (body === undefined && method !== "DELETE") return;
  if (method === "PATCH" && body === "{}") return tell(form.querySelector(".fault"), "Nothing has been changed here.");
  const headers = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (tag) headers["if-match"] = tag;
  const answer = await fetch(path, { method, headers, body });
  if (!answer.ok) return explain(form, answer.status, await answer.json().catch(() => ({ title: `The server answered ${answer.status}` })));
  sessionStorage.setItem(note_key, { POST: "Created.", DELETE: "Deleted." }[method] ?? "Saved.");
  location.assign(answer.headers.get("location") ?? (after || location.pathname));
}

for (const form of document.querySelectorAll("form.write")) {
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true; // a second click sends nothing
    try {
      await send(form);
    } catch {
      tell(form.querySelector(".fault"), "The server could not be reached. Whether it has heard of this is not known.");
    }
    button.disabled = false;
  });
  form.addEventListener("input", ({ target }) => {
    const state = target.closest(".field")?.querySelector(".state");
    if (state && target !== state) state.value = "value"; // who types means what he types
  });
}

// Over https, or through a proxy, this server does not know what it is called.
for (const line of document.querySelectorAll(".curl")) {
  line.textContent = line.textContent.replace(/http:\/\/[^/']*/, () => location.origin);
}

const note = sessionStorage.getItem(note_key);
if (note !== null) {
  sessionStorage.removeItem(note_key);
  tell(document.querySelector(".told"), note);
}
