// Stands in for ztunnel on the client's node: it takes the client's connections by their original destination, asks what istiod tells
// ztunnels (istio.workload.Address) for service, port and waypoint, and carries them on as ztunnel does. Every address that is not of
// the mesh is the one site of the world; ztunnel's own log and its policies are left out.
import { watchFile } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { Hbone } from './hbone.ts';
import { wayOf, type Known } from './way.ts';
import { worldIp } from './world.ts';

/** Listens at all addresses on the ports that the mesh knows, and on those of the web. */
export async function startZtunnel(root: string, known: Known, file: string): Promise<void> {
  const hbone = new Hbone(root);
  const listening = new Set<number>();
  const keep = async (): Promise<void> => {
    const ports = known.addresses().services.flatMap(({ ports = [] }) => ports.map(({ servicePort }) => servicePort));
    const added = [80, 443, 8080, 8443, ...ports].filter((port) => !taken.has(port) && !listening.has(port));
    await Promise.all([...new Set(added)].map((port) => listen(port, (socket) => carry(socket, hbone, known))));
    for (const port of added) listening.add(port);
  };
  watchFile(file, { interval: 100 }, () => void keep());
  await keep();
}

/** DNS, and the waypoints' HBONE. */
const taken: ReadonlySet<number> = new Set([53, 15_008]);

function listen(port: number, onSocket: (socket: Socket) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, onSocket);
    server.on('error', reject).listen({ port, host: '0.0.0.0', reusePort: true }, () => resolve());
  });
}

function carry(socket: Socket, hbone: Hbone, known: Known): void {
  socket.on('error', () => socket.destroy());
  const way = wayOf(socket.localAddress ?? '', socket.localPort ?? 0, known);
  if (way === 'reset') return void socket.resetAndDestroy();
  if ('waypoint' in way) return hbone.carry(socket, way);
  const localAddress = known.client()?.ip;
  const out = connect({
    port: way.port,
    host: worldIp,
    allowHalfOpen: true,
    ...(localAddress ? { localAddress } : {}),
  });
  out.on('error', () => socket.resetAndDestroy());
  socket.on('close', () => out.destroy());
  socket.pipe(out).pipe(socket);
}
