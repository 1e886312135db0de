import '../styles/page.css';
import { render } from 'preact';
import { App } from './app.js';
import { listen } from './server.js';
import { Store } from './store.js';
import { showRememberedTheme } from './theme.js';

showRememberedTheme();
const store = new Store();
listen(
  (event) => store.receive(event),
  (isOpen) => store.connectionChanged(isOpen),
);
const root = document.getElementById('page');
if (root) render(<App store={store} />, root);
