// One line puts a button on a page that opens the bot in a frame:
//   <script src="https://kap.example.org/embed.js" async></script>
// It works under a content security policy that allows this origin in script-src
// and frame-src: no inline style, no eval, nothing loaded but the frame.
(() => {
  const origins = /* origins */ [];
  const words = /* words */ { open: 'Open', close: 'Close', title: '' };
  const home = new URL(document.currentScript.src).origin;

  if (location.origin !== home && !origins.includes(location.origin)) {
    console.error(`kapbot: ${location.origin} may not embed ${home}. Add it to origins under [web] in the bot's configuration.`);
    return;
  }

  const css = `
    :host { all: initial; }
    button { font: 600 16px/1.4 system-ui, sans-serif; color: #fff; background: #1c5d56; border: 2px solid #fff; cursor: pointer; }
    button:focus-visible { outline: 3px solid #1c5d56; outline-offset: 2px; }
    .open { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000; padding: 12px 20px; border-radius: 28px; box-shadow: 0 4px 20px rgb(0 0 0 / 25%); }
    dialog { position: fixed; inset: auto 20px 20px auto; box-sizing: border-box; width: min(440px, 100vw - 40px); height: min(720px, 100vh - 40px); max-width: none; max-height: none; margin: 0; padding: 0; border: 0; border-radius: 16px; overflow: hidden; background: Canvas; box-shadow: 0 12px 48px rgb(0 0 0 / 35%); }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: rgb(0 0 0 / 30%); }
    .close { align-self: stretch; padding: 8px 16px; border: 0; text-align: end; }
    .close:focus-visible { outline-color: #fff; outline-offset: -5px; }
    iframe { flex: 1; width: 100%; border: 0; }
    @media (max-width: 520px) { dialog { inset: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; } }
    @media print { .open { display: none; } }
  `;

  function start() {
    const host = document.createElement('kapbot-button');
    const root = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];

    const open = button('open', words.open);
    open.setAttribute('aria-haspopup', 'dialog');
    const dialog = document.createElement('dialog');
    dialog.setAttribute('aria-label', words.title);
    const close = button('close', words.close);
    dialog.append(close);
    root.append(open, dialog);
    document.body.append(host);

    // A modal dialog keeps the focus in and closes on Esc.
    let frame;
    open.addEventListener('click', () => {
      if (!frame) {
        frame = document.createElement('iframe');
        frame.title = words.title;
        frame.referrerPolicy = 'no-referrer';
        frame.src = `${home}/`;
        frame.addEventListener('load', enter);
        dialog.append(frame);
      }
      dialog.showModal();
      enter();
    });
    // The frame of another site has the focus only once it is loaded.
    function enter() {
      if (!dialog.open) return;
      frame.blur();
      frame.focus();
    }
    close.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => open.focus());
    addEventListener('message', (event) => {
      if (frame && event.source === frame.contentWindow && event.origin === home && event.data === 'kapbot:close') dialog.close();
    });
  }

  function button(name, text) {
    const b = document.createElement('button');
    b.type = 'button';
    b.className = name;
    b.textContent = text;
    return b;
  }

  if (document.body) start();
  else addEventListener('DOMContentLoaded', start);
})();
