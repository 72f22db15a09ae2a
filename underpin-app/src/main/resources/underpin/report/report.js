'use strict';
(() => {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const root = document.documentElement;
  const theme = document.querySelector('.theme');
  const dark = () => root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  const label = () => { theme.textContent = dark() ? 'Light' : 'Dark'; theme.setAttribute('aria-label', 'Use the ' + (dark() ? 'light' : 'dark') + ' theme'); };
  const remember = value => { try { localStorage.setItem('underpin-theme', value); } catch (e) { /* a file may have no storage */ } };
  try { const kept = localStorage.getItem('underpin-theme'); if (kept === 'dark' || kept === 'light') root.dataset.theme = kept; } catch (e) { /* as above */ }
  theme.hidden = false;
  label();
  theme.addEventListener('click', () => { root.dataset.theme = dark() ? 'light' : 'dark'; remember(root.dataset.theme); label(); });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', label);

  const tools = document.querySelector('.tools');
  const search = document.querySelector('#search');
  if (tools) {
    tools.hidden = false;
    const shown = document.querySelector('.shown');
    const none = document.querySelector('#nothing');
    const cases = all('.case').map(node => ({ node, text: node.dataset.find, severity: node.dataset.severity, outcome: node.dataset.outcome }));
    const picked = { severity: new Set(), outcome: new Set() };
    const opened = new Set();
    const filter = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(w => w);
      let count = 0;
      for (const one of cases) {
        const fits = words.every(w => one.text.includes(w)) && (!picked.severity.size || picked.severity.has(one.severity)) && (!picked.outcome.size || picked.outcome.has(one.outcome));
        one.node.hidden = !fits;
        if (fits) count++;
      }
      for (const selector of ['.component', '.group', '.outcome']) {
        for (const box of all(selector)) box.hidden = !box.querySelector('.case:not([hidden])');
      }
      for (const group of all('.group')) {
        if (words.length && !group.hidden && !group.open) { group.open = true; opened.add(group); }
        if (!words.length && opened.delete(group)) group.open = false;
      }
      shown.textContent = count === cases.length ? count + (count === 1 ? ' case' : ' cases') : count + ' of ' + cases.length + ' cases';
      none.hidden = count > 0;
    };
    search.addEventListener('input', filter);
    for (const chip of all('.chip')) {
      chip.addEventListener('click', () => {
        const set = picked[chip.dataset.kind];
        const on = !set.has(chip.dataset.value);
        if (on) set.add(chip.dataset.value); else set.delete(chip.dataset.value);
        chip.setAttribute('aria-pressed', String(on));
        filter();
      });
    }
    document.querySelector('#unfold').addEventListener('click', event => {
      const groups = all('.group');
      const open = groups.some(g => !g.open);
      groups.forEach(g => { g.open = open; });
      event.currentTarget.textContent = open ? 'Fold all' : 'Unfold all';
    });
    document.addEventListener('keydown', event => {
      if (event.key === '/' && document.activeElement !== search) { event.preventDefault(); search.focus(); }
      if (event.key === 'Escape' && document.activeElement === search) { search.value = ''; filter(); }
    });
    filter();
  }
  let folded = [];
  addEventListener('beforeprint', () => { folded = all('details:not([open]):not(.inventory)'); folded.forEach(d => { d.open = true; }); });
  addEventListener('afterprint', () => { folded.forEach(d => { d.open = false; }); folded = []; });
})();
