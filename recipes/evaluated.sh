# For the scripts of tables: evaluations whose results are kept in the repository.
#
# evaluated NAME ARGUMENTS...: evaluates, or goes on with that, and keeps the results under a name.
evaluated() {
    local name=$1
    shift
    "${VLA_HUMANOID:-vla-humanoid}" evaluate --output "outputs/tables/$name" --clips 2 "$@"
    mkdir -p benchmarks/results/policy
    cp "outputs/tables/$name/results.json" "benchmarks/results/policy/$name.json"
}

# written: writes all tables that there are results for into docs/results.md.
written() {
    python benchmarks/policy_results.py
}
