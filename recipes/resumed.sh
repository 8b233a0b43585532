# resumed FILE: prints the option that goes on with what an earlier run has left unfinished.
resumed() {
    if [ -e "$1" ]; then echo --resume; fi
}
