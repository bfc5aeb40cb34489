// WebSockets. A script holds those parts of this that it uses.

// Opens a WebSocket, does the actions on it one after the other, and closes it. Opening is a request, and so is each receive.
function webSocket(stream) {
  const start = Date.now();
  const talk = { stream, at: 0, inbox: [] };
  let response;
  try {
    const params = { headers: stream.headers, tags: { name: stream.name } };
    params.jar = user.jar; //? jar
    response = ws.connect(wireUrl(stream.url).replace(/^http/i, 'ws'), params, (socket) => {
      const guarded = (act) => (...given) => attemptOn(talk, () => act(...given));
      Object.assign(talk, { socket, later: (act, ms) => socket.setTimeout(guarded(act), Math.max(ms, 0.01)) });
      socket.on('open', guarded(() => opened(talk, Date.now() - start)));
      socket.on('message', guarded((message) => heard(talk, message)));
      socket.on('close', () => (talk.isClosed = true));
      socket.on('error', () => (talk.isClosed = true));
    });
  } catch (error) {
    response = { status: 0, error: error.message };
  }
  if (!talk.isOpen) {
    const { status = 0, error } = response;
    const reason = status ? `status: expected 101, got ${status}` : `network: ${withoutUrls(error)}`;
    throw report(stream, status, Date.now() - start, new Failure(reason));
  }
  const waiting = stream.actions[talk.at];
  if (!talk.error && waiting?.within) talk.error = received(talk, waiting, new Failure('network: the connection was closed'));
  if (talk.error) throw talk.error;
}

function opened(talk, ms) {
  const { timeout = $TIMEOUT } = talk.stream;
  talk.isOpen = true;
  stepTime += ms;
  const failure = ms > timeout ? report(talk.stream, 0, ms, new Failure('network: request timeout')) : report(talk.stream, 101, ms);
  if (failure) throw failure;
  advance(talk);
}

// Does something on the open connection; what fails is kept, and the connection closed.
function attemptOn(talk, act) {
  if (talk.error) return;
  try {
    act();
  } catch (error) {
    talk.error = error;
    talk.socket.close(1000);
  }
}

// Does the actions up to the next that has to wait.
function advance(talk) {
  const { actions } = talk.stream;
  for (; talk.at < actions.length; talk.at += 1) {
    const action = actions[talk.at];
    if (action.send) talk.socket.send(action.send());
    else if (action.set) action.set();
    else if (action.pause) {
      talk.at += 1;
      talk.later(() => advance(talk), action.pause() * Number(__ENV.LOADWRIGHT_THINK || 1) * 1000);
      return;
    } else if (!receive(talk, action)) return;
  }
  talk.socket.close(1000);
}

// Takes a message in; whoever waits for one looks at it.
function heard(talk, message) {
  talk.inbox.push(message);
  if (talk.since !== undefined) advance(talk);
}

// Looks for a message among those that came; when there is none, waits for more. Messages without the wanted text are passed over.
function receive(talk, action) {
  if (talk.since === undefined) {
    Object.assign(talk, { since: Date.now(), wanted: action.containing?.() ?? '' });
    talk.later(() => {
      if (talk.stream.actions[talk.at] !== action) return;
      throw received(talk, action, new Failure(`network: no message within ${action.within} ms`));
    }, action.within);
  }
  while (talk.inbox.length) {
    const body = talk.inbox.shift();
    if (!body.includes(talk.wanted)) continue;
    let error;
    try {
      action.verify?.({ body, headers: {}, cookies: {}, status: 101, url: talk.stream.url }, Date.now() - talk.since);
    } catch (caught) {
      error = caught;
    }
    const failure = received(talk, action, error, 101);
    if (failure) throw failure;
    return true;
  }
  return false;
}

// Reports a receive as passed, or as failed by an error; gives the failure.
function received(talk, action, error, status = 0) {
  const ms = Date.now() - (talk.since ?? Date.now());
  talk.since = undefined;
  stepTime += ms;
  return report(action, status, ms, error);
}
