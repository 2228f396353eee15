import {
  browserPlatform,
  browserResume,
  createCabinClient,
  createCallClient,
  openBrowserMedia,
} from '../index.ts';

/**
 * A call with nothing around it: for trying a network, and the example of how the library is used. `?role=cabin` answers by
 * itself, all others call. `?tokens=URL` gives a join token as text to a POST; `?signal=URL` is signaling's address.
 */
const query = new URLSearchParams(location.search);
const role = query.get('role') ?? 'operator';
const origin = location.origin.replace(/^http/, 'ws');
const options = {
  url: query.get('signal') ?? `${origin}/signal`,
  token: async () => {
    const answer = await fetch(query.get('tokens') ?? '', { method: 'POST' });
    if (!answer.ok) throw new Error(`no token: ${answer.status}`);
    return answer.text();
  },
};
const deps = {
  platform: browserPlatform,
  openMedia: role === 'recorder' ? async () => ({}) : () => openBrowserMedia(),
  store: browserResume(location.search),
};
const client = role === 'cabin' ? createCabinClient(options, deps) : createCallClient(options, deps);

const byId = (id) => document.getElementById(id);
const show = (id, text) => {
  byId(id).textContent = text;
};

client.on('link', ({ state, why }) => show('link', why ? `${state}: ${why.code ?? why}` : state));
client.on('call', ({ state, by, endReason }) => {
  show('state', state);
  show('holder', endReason ?? by.name);
  if (state === 'ended') byId('others').replaceChildren();
});
client.on('local', (tracks) => show('local', tracks.audio || tracks.video ? 'on' : 'off'));
client.on('refused', ({ code, message, heldBy }) =>
  show('refused', `${code}: ${message} ${heldBy?.name ?? ''}`),
);
client.on('error', (error) => console.warn(String(error)));
client.on('track', ({ peerId, role: from, track }) => {
  const id = `other-${peerId}`;
  const video = byId(id) ?? document.createElement('video');
  if (!video.id) {
    Object.assign(video, {
      id,
      autoplay: true,
      playsInline: true,
      srcObject: new MediaStream(),
      title: from,
    });
    byId('others').append(video);
  }
  const stream = video.srcObject;
  // A connection that was built anew brings new tracks for the same person.
  for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old);
  stream.addTrack(track);
  void video.play().catch(() => {});
});

if (role === 'cabin') byId('buttons').hidden = true;
byId('start').onclick = () => client.start(query.get('incident') ?? undefined);
byId('hang-up').onclick = () => client.hangUp();
byId('listen').onclick = () => client.listen();
byId('take-over').onclick = () => client.takeOver();
byId('mute').onchange = ({ target }) => client.mute('audio', target.checked);

// For whoever looks in from the browser's console.
globalThis.cabinwatchCall = client;
