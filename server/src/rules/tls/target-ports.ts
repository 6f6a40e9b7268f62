// What ports tell is a question to the mesh: traces and hovers ask it too.
export { isExternal, targetPortsOf } from '../../mesh/target-ports.ts';
