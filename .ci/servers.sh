# Installs what the suites with other servers need, when it is missing: Java 17 for DynamoDB Local, Chromium for the pages,
# PostgreSQL, Redis.
# Sourced by .ci/run. Where it cannot install, the suites say themselves what they skipped and why.
have() { command -v "$1" >/dev/null 2>&1; }

packages=''
have java || packages="$packages openjdk-17-jre-headless"
have chromium || packages="$packages chromium fonts-dejavu-core"
[ -d /usr/lib/postgresql ] || packages="$packages postgresql"
have redis-server || packages="$packages redis-server"

if [ -n "$packages" ] && have apt-get && [ "$(id -u)" = 0 ]; then
  printf '== installing%s\n' "$packages"
  # shellcheck disable=SC2086
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
