// The faults that a VirtualService injects. istio@86c9f01 pkg/config/validation/virtualservice.go validateHTTPRoute.
import { refused, refusedKey, type Fault } from './combination-check.ts';
import { field, isText, number, text, type Place } from './field-place.ts';

const grpcStatus =
  /^(OK|CANCELLED|UNKNOWN|INVALID_ARGUMENT|DEADLINE_EXCEEDED|NOT_FOUND|ALREADY_EXISTS|PERMISSION_DENIED|UNAUTHENTICATED|RESOURCE_EXHAUSTED|FAILED_PRECONDITION|ABORTED|OUT_OF_RANGE|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS)$/;

export function* faultFaults(fault: Place): Generator<Fault> {
  if (fault.node?.kind !== 'map') return;
  const [abort, delay] = [field(fault, 'abort'), field(fault, 'delay')];
  if (!abort.node && !delay.node) yield refusedKey(fault, 'A fault needs `abort` or `delay`.');
  for (const share of [abort, delay].map((one) => field(one, 'percentage', 'value'))) {
    const value = number(share);
    if (value !== undefined && (value < 0 || value > 100 || (value > 0 && value < 0.0001)))
      yield refused(share, 'A percentage must be 0, or from 0.0001 to 100.');
  }
  yield* abortFaults(abort);
  if (field(delay, 'exponentialDelay').node)
    yield refusedKey(field(delay, 'exponentialDelay'), '`exponentialDelay` is not supported.');
}

function* abortFaults(abort: Place): Generator<Fault> {
  const kinds = ['httpStatus', 'grpcStatus', 'http2Error'].filter((name) => field(abort, name).node);
  if (kinds.length > 1)
    yield refusedKey(field(abort, kinds[1]!), `Only one of \`${kinds.join('` and `')}\` may be set.`);
  if (kinds[0] === 'http2Error') yield refusedKey(field(abort, 'http2Error'), 'HTTP/2 errors are not supported.');
  if (kinds[0] === 'grpcStatus' && isText(field(abort, 'grpcStatus')) && !grpcStatus.test(text(abort, 'grpcStatus')))
    yield refused(
      field(abort, 'grpcStatus'),
      `"${text(abort, 'grpcStatus')}" is not a valid gRPC status, such as UNAVAILABLE.`,
    );
  yield* statusFault(field(abort, 'httpStatus'));
}

export function* statusFault(at: Place): Generator<Fault> {
  const status = number(at);
  if (status !== undefined && (status < 200 || status > 600))
    yield refused(at, 'A status must be a number from 200 to 599.');
}
