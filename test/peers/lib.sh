# Sourced by up.sh, mesh.sh and pods.sh. They take the folder of the cluster as their argument, and from the environment
#   PEERS       the folder of the built programs; without it, the one that build.sh fills
#   ..._PORT    other ports than the usual ones, so that clusters can stand side by side
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${1:?folder of the cluster}"
PEERS=${PEERS:-$("$here/build.sh" --folder)}
mkdir -p "$1"
D=$(cd "$1" && pwd)
# a kubectl of the machine comes first; one that was built is for machines without
PATH=$PATH:$PEERS
export KUBECONFIG=$D/kubeconfig

start() { # NAME COMMAND...: in the background, its log in DIR/NAME.log, its pid in DIR/NAME.pid
  local name=$1; shift
  nohup "$@" < /dev/null > "$D/$name.log" 2>&1 & echo $! > "$D/$name.pid"
}

# A dead process whose parent has not fetched its exit code still answers kill -0, so its state is asked for.
alive() { case $(ps -o stat= -p "$1") in '' | Z*) return 1 ;; esac; }

until_ok() { # SECONDS NAMES COMMAND...: waits for the command to succeed; gives up early when one of the processes ends
  local end=$((SECONDS + $1)) names=$2 name; shift 2
  until "$@" > /dev/null 2>&1; do
    for name in $names; do alive "$(cat "$D/$name.pid")" || { echo "$name ended:" >&2; tail -n 15 "$D/$name.log" >&2; exit 1; }; done
    ((SECONDS < end)) || { echo "gave up waiting for: $*" >&2; for name in $names; do tail -n 15 "$D/$name.log" >&2; done; exit 1; }
    sleep 0.1
  done
}
