// A Chromium to point at: a text field, a slider and an empty place; what the mouse did there goes to the file named last.
const { app, BrowserWindow, screen } = require("electron");
const { renameSync, writeFileSync } = require("node:fs");

const file = process.argv.at(-1);
const PAGE = `<!doctype html><meta charset="utf-8"><title>Mouse</title>
<style>* { position: fixed; margin: 0; box-sizing: border-box }</style>
<textarea spellcheck="false" style="left:40px;top:40px;width:600px;height:100px;font:20px/24px monospace;padding:10px;resize:none">one two three four five six seven</textarea>
<input type="range" min="0" max="100" value="20" style="left:40px;top:200px;width:500px;height:40px">
<script>
  const seen = { clicks: [], doubles: 0, wheel: [] };
  const held = (event) => ["ctrlKey", "altKey", "shiftKey", "metaKey"].filter((key) => event[key]).join(" ");
  addEventListener("click", (event) => {
    seen.clicks.push({ x: event.screenX, y: event.screenY, count: event.detail, held: held(event) });
  }, true);
  addEventListener("dblclick", () => { seen.doubles += 1; }, true);
  addEventListener("wheel", (event) => {
    event.preventDefault();
    seen.wheel.push({ dx: event.deltaX, dy: event.deltaY, held: held(event) });
  }, { capture: true, passive: false });
  const field = document.querySelector("textarea");
  const slider = document.querySelector("input");
  window.report = () => ({
    ...seen,
    selected: field.value.slice(field.selectionStart, field.selectionEnd),
    slider: Number(slider.value),
  });
</script>`;

app.whenReady().then(async () => {
  const window = new BrowserWindow({ ...screen.getPrimaryDisplay().bounds, frame: false, resizable: false });
  await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(PAGE)}`);
  let written = "";
  setInterval(async () => {
    const report = JSON.stringify(await window.webContents.executeJavaScript("report()"));
    if (report === written) return;
    written = report;
    // Whole or not at all: it is read while it is written.
    writeFileSync(`${file}.new`, report);
    renameSync(`${file}.new`, file);
  }, 30);
});
