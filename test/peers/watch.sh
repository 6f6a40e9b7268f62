#!/usr/bin/env bash
# watch.sh PID DIR: once that process is gone, stops the cluster and removes its folder. up.sh starts it.
here=$(cd "$(dirname "$0")" && pwd)
while kill -0 "$1" 2> /dev/null; do sleep 0.5; done
rm -f "$2/watch.pid"
"$here/down.sh" "$2"
rm -rf "$2"
