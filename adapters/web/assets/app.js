// The page works as a plain form. This module makes it quicker: it sends the
// same form, gets only the new turn, and puts it under the others.

const form = document.getElementById('ask');
const field = document.getElementById('q');
const log = document.getElementById('log');
const calm = matchMedia('(prefers-reduced-motion: reduce)');
const touch = matchMedia('(pointer: coarse)');
const common = new Set('and are can did does for has have how that the what when which who why with you your'.split(' '));

if (form && log) converse();
if (form && field) enterSends();
checklist();
printing();
closing();

function converse() {
  const status = document.getElementById('status');
  let busy = false;

  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (busy) return;
    const button = event.submitter;
    const rating = button?.getAttribute('formaction') === '/rate';
    const typed = !rating && button?.name !== 'topic';
    if (typed && !field.value.trim()) {
      field.focus();
      return;
    }
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.set(button.name, button.value);
    if (!typed) body.delete('q');
    busy = true;
    form.setAttribute('aria-busy', 'true');
    const wait = setTimeout(() => { status.textContent = form.dataset.thinking; }, 400);
    try {
      const { part, ok } = await send(rating ? '/rate' : '/ask', body);
      if (rating && ok) thank(button, part);
      else append(part, typed);
      if (typed && ok) field.value = ''; // what was not answered stays to be sent again
    } catch {
      append(document.getElementById('failure').content.cloneNode(true), typed);
    } finally {
      clearTimeout(wait);
      status.textContent = '';
      form.removeAttribute('aria-busy');
      busy = false;
      suggest();
    }
  });

  async function send(action, body) {
    const response = await fetch(action, {
      method: 'POST', body, headers: { 'X-Kapbot': 'fragment' }, signal: AbortSignal.timeout(15000),
    });
    const page = new DOMParser().parseFromString(await response.text(), 'text/html');
    const turn = page.querySelector('.turn');
    if (!turn) throw new Error(`status ${response.status}`);
    const token = page.querySelector('input[name=conversation]');
    if (token) form.elements.conversation.value = token.value;
    const part = document.createDocumentFragment();
    part.append(document.adoptNode(turn));
    return { part, ok: response.ok };
  }

  // The turn goes to the end; help that was given before stays on top.
  function append(part, typed) {
    keepHelp();
    const turn = part.querySelector('.turn');
    turn.classList.add('new');
    document.getElementById('start').hidden = true;
    log.append(part);
    turn.scrollIntoView({ block: 'start', behavior: calm.matches ? 'auto' : 'smooth' });
    if (!typed) turn.focus({ preventScroll: true });
    else if (touch.matches) field.blur();
    else field.focus({ preventScroll: true });
  }

  function keepHelp() {
    const urgent = [...log.querySelectorAll('.crisis, .emergency')].pop();
    const contacts = urgent?.querySelector('.contacts');
    if (!contacts) return;
    const standing = document.getElementById('standing');
    standing.querySelector('.contacts')?.remove();
    const list = contacts.cloneNode(true);
    [...list.children].slice(Number(standing.dataset.most)).forEach((more) => more.remove());
    standing.append(list);
    standing.hidden = false;
    document.documentElement.style.setProperty('--standing', `${standing.offsetHeight}px`);
  }

  function thank(button, part) {
    const reply = part.querySelector('.reply');
    reply.classList.add('thanks');
    reply.tabIndex = -1;
    button.closest('.rating').replaceWith(reply);
    reply.focus({ preventScroll: true });
  }

  // Topics are offered from the list that the page has already: nothing is sent
  // before the person sends it.
  const box = document.getElementById('suggest');
  const topics = [...document.querySelectorAll('#topics button')].map((b) => ({
    id: b.value, question: b.textContent, words: words(b.textContent),
  }));
  field.addEventListener('input', suggest);

  function suggest() {
    const typed = words(field.value);
    const found = topics
      .map((t) => ({ t, score: typed.reduce((sum, w) => sum + weight(w, t), 0) }))
      .filter((f) => f.score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, 3);
    box.hidden = found.length === 0;
    box.querySelector('.chips').replaceChildren(...found.map(({ t }) => {
      const b = document.createElement('button');
      b.className = 'chip';
      b.name = 'topic';
      b.value = t.id;
      b.textContent = t.question;
      return b;
    }));
  }

  // A word counts for less the more topics have it.
  function weight(word, topic) {
    const has = (t) => t.words.some((w) => w.startsWith(word));
    if (!has(topic)) return 0;
    const n = topics.filter(has).length;
    return n > topics.length / 2 ? 0 : 1 / n;
  }

  function words(text) {
    return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((w) => w.length > 2 && !common.has(w));
  }
}

function enterSends() {
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || touch.matches) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('.send'));
  });
}

// Ticks stay in the page. What is not ticked is what to ask about.
function checklist() {
  const out = document.getElementById('missing');
  if (!out) return;
  document.querySelector('main').addEventListener('change', () => {
    const boxes = [...document.querySelectorAll('.checklist input')];
    const left = boxes.filter((b) => !b.checked);
    const line = document.createElement('p');
    line.textContent = left.length ? out.dataset.missing : out.dataset.complete;
    const list = document.createElement('ul');
    list.append(...left.map((b) => {
      const item = document.createElement('li');
      item.textContent = b.parentElement.textContent.trim();
      return item;
    }));
    out.replaceChildren(...(left.length === boxes.length ? [] : left.length ? [line, list] : [line]));
  });
}

function printing() {
  for (const button of document.querySelectorAll('[data-print]')) {
    button.hidden = false;
    button.addEventListener('click', () => print());
  }
}

// In a frame, Esc goes to the page around it. It tells nothing but that.
function closing() {
  if (parent === window) return;
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape') parent.postMessage('kapbot:close', '*');
  });
}
