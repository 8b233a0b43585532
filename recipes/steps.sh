# For the scripts that make models: steps that go on where an earlier run of the script ended.

# once NAME COMMAND...: carries out a command, unless an earlier run has finished it.
once() {
    local name=$1
    shift
    [ -e "$name.done" ] || { "$@" && touch "$name.done"; }
}

# resumed FILE: prints the option that goes on with what an earlier run has left unfinished.
resumed() {
    if [ -e "$1" ]; then echo --resume; fi
}

# demonstrated TASK COUNT SEED FILE: generates demonstrations.
demonstrated() {
    vla-humanoid generate "$1" --episodes "$2" --seed "$3" --output "$4" $(resumed "$4")
}

# grounded FOLDER STEPS SCENES...: trains a grounding network on two cores; options may follow.
grounded() {
    local folder=$1 steps=$2
    shift 2
    torchrun --nproc-per-node 2 -m vla_humanoid.cli ground "$@" --output "$folder" \
        --steps "$steps" --threads 1 $(resumed "$folder/config.json")
}

# pointed FOLDER STEPS GROUNDING FILE...: trains a policy as the shipped one; options may follow.
pointed() {
    local folder=$1 steps=$2 grounding=$3
    shift 3
    vla-humanoid train "$@" --output "$folder" --model pointer --grounding "$grounding" \
        --steps "$steps" --batch-size 512 --state-dropout 0 --state-noise 0.25 --named-noise 0.06 \
        --weight-decay 0.1 --precision float32 --validate-every 1000 --threads 1 \
        $(resumed "$folder/config.json")
}
