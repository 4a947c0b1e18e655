# Installs what the suites with other servers need, when it is missing: Java 17 and Maven (DynamoDB Local, Kafka, Gremlin
# Server), Python (moto), PostgreSQL, Redis, Chromium for the pages. Jars and Python packages are fetched by the servers' own
# scripts and kept under ~/.cache/stoa.
# Sourced by .ci/run. Where it cannot install, the suites say themselves what they skipped and why.
have() { command -v "$1" >/dev/null 2>&1; }

packages=''
have java || packages="$packages openjdk-17-jre-headless"
have mvn || packages="$packages maven"
have python3 || packages="$packages python3 python3-venv"
have chromium || packages="$packages chromium fonts-dejavu-core"
[ -d /usr/lib/postgresql ] || packages="$packages postgresql"
have redis-server || packages="$packages redis-server"

if [ -n "$packages" ] && have apt-get && [ "$(id -u)" = 0 ]; then
  printf '== installing%s\n' "$packages"
  # shellcheck disable=SC2086
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null
fi
