const chosen = localStorage.getItem('signalbox-theme');
if (chosen === 'light' || chosen === 'dark')
  document.documentElement.setAttribute('data-theme', chosen);
