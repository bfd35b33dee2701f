// Moves the progress of long work on while somebody looks at it. Everything works without: the page has a link that does the same.
(() => {
  const place = document.querySelector('[data-progress]');
  if (place === null) return;
  const every = 2000;
  // Half an hour: a page that was forgotten asks no more.
  let left = 900;
  const look = async () => {
    left -= 1;
    if (left === 0) return;
    setTimeout(look, every);
    if (document.hidden) return;
    const answer = await fetch(place.dataset.progress, { credentials: 'same-origin' }).catch(() => null);
    if (answer === null || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = page.querySelector('[data-progress]');
    if (next !== null) place.replaceChildren(...next.childNodes);
    else if (place.isConnected) {
      left = 1;
      location.reload();
    }
  };
  setTimeout(look, every);
})();
