// A Chromium with controls of known names at known places, the passphrase focused: for tests.
const { app, BrowserWindow, screen } = require("electron");

const PAGE = `<!doctype html><meta charset="utf-8"><title>Form</title>
<style>* { position: fixed; margin: 0; box-sizing: border-box; left: 40px; width: 300px; height: 40px }</style>
<button style="top:40px"><span style="position:static">Send order</span></button>
<input type="password" aria-label="Passphrase" style="top:100px" autofocus>
<input aria-label="Your name" style="top:160px">
<a href="#there" style="top:220px">Terms</a>
<p style="top:280px">Only words.</p>
<div style="top:340px;overflow:hidden">${'<i style="position:static">x</i>'.repeat(3000)}</div>`;

app.whenReady().then(() => {
  const window = new BrowserWindow({ ...screen.getPrimaryDisplay().bounds, frame: false, resizable: false });
  window.loadURL(`data:text/html;charset=utf-8,${encodeURIComponent(PAGE)}`);
});
