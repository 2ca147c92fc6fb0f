// Builds the pages below /app. The server sends neither the form nor the greeting.
'use strict'

const prefix = document.currentScript.dataset.prefix
const app = document.getElementById('app')

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties)
  made.append(...children)
  return made
}

async function signIn(form) {
  const { token } = await (await fetch(prefix + '/app/csrf')).json()
  const answer = await fetch(prefix + '/app/login', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Csrf-Token': token },
    body: JSON.stringify({ username: form.username.value, password: form.password.value }),
  })
  if (answer.ok) {
    location.assign(prefix + '/app/')
    return
  }
  const { error } = await answer.json()
  app.querySelector('[role=alert]')?.remove()
  app.prepend(element('p', { id: 'problem', role: 'alert' }, error))
}

function showLogin() {
  document.title = 'Acme: sign in'
  const form = element('form', { id: 'login' },
    element('input', { id: 'user', name: 'username', autocomplete: 'username' }),
    element('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password' }),
    element('button', { type: 'submit' }, 'Sign in'))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    signIn(form)
  })
  app.replaceChildren(element('h1', {}, 'Sign in'), form)
}

async function showDashboard() {
  const answer = await fetch(prefix + '/api/me')
  if (!answer.ok) {
    location.replace(prefix + '/app/login')
    return
  }
  const user = await answer.json()
  document.title = 'Acme'
  localStorage.setItem('lastUser', user.userName)
  app.replaceChildren(element('section', { id: 'dashboard' }, element('h1', {}, 'Welcome, ' + user.displayName)))
}

location.pathname === prefix + '/app/login' ? showLogin() : showDashboard()
