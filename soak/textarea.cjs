// A Chromium to type into: one text field that fills the window; what it holds goes to the file named last.
const { app, BrowserWindow } = require("electron");
const { writeFileSync } = require("node:fs");

const file = process.argv.at(-1);
const PAGE = `<!doctype html><meta charset="utf-8"><title>Field</title>
<textarea autofocus spellcheck="false" style="position:fixed;inset:0;width:100%;height:100%;resize:none"></textarea>`;

app.whenReady().then(async () => {
  const window = new BrowserWindow({ width: 900, height: 600 });
  await window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(PAGE)}`);
  let written = null;
  setInterval(async () => {
    const value = await window.webContents.executeJavaScript("document.querySelector('textarea').value");
    if (value === written) return;
    written = value;
    writeFileSync(file, value);
  }, 100);
});
