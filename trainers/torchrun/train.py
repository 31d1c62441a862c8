"""Trains the job of a ReSTEM run on PyTorch, data parallel: torchrun --nproc_per_node=N train.py JOB.

The contract is in docs/scale.md. Every process holds the whole model and its optimizer, computes its share of a step's sequences, and the
gradients are summed: this is for models that fit one device with AdamW. The loss of a step is
sum_s w_s sum_t nll_st / sum_s w_s T_s over the counted tokens of its sequences, whatever process they are on.
"""

import fcntl
import hashlib
import json
import math
import os
import shutil
import signal
import sys
import time

import torch
import torch.distributed as dist
import torch.nn.functional as F

VERSION = "1"
HONOURS = ["label_smoothing"]
DTYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16}
COMPANIONS = ("generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
              "vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json")


def refuse(message):
    raise SystemExit(f"error: {message}")


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def write_whole(path, write):
    """The file is there whole or not at all."""
    with open(path + ".tmp", "wb") as file:
        write(file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".tmp", path)


# --- safetensors -----------------------------------------------------------------------------------------------------------------


def read_safetensors(path, weights):
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        start = file.tell()
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            if entry["dtype"] not in DTYPES:
                refuse(f"{path}: {name} is of {entry['dtype']}, expected one of {', '.join(DTYPES)}.")
            begin, end = entry["data_offsets"]
            file.seek(start + begin)
            values = torch.frombuffer(bytearray(file.read(end - begin)), dtype=DTYPES[entry["dtype"]])
            weights[name] = values.reshape(entry["shape"]).float()


def write_safetensors(path, weights):
    header, offset = {}, 0
    for name in sorted(weights):
        size = 4 * weights[name].numel()
        header[name] = {"dtype": "F32", "shape": list(weights[name].shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)

    def write(file):
        file.write(len(text).to_bytes(8, "little") + text)
        for name in sorted(weights):
            file.write(weights[name].detach().cpu().contiguous().numpy().tobytes())

    write_whole(path, write)


# --- the model: Llama and Qwen2 --------------------------------------------------------------------------------------------------


class Model(torch.nn.Module):
    def __init__(self, folder, device):
        super().__init__()
        with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
            self.config = config = json.load(file)
        if config.get("model_type") not in ("llama", "qwen2"):
            refuse(f"{folder}: model_type is {config.get('model_type')}, expected llama or qwen2.")
        for key in ("rope_scaling", "use_sliding_window", "mlp_bias"):
            if config.get(key):
                refuse(f"{folder}: {key} is {config[key]}, expected none.")
        weights = {}
        for name in sorted(os.listdir(folder)):
            if name.endswith(".safetensors"):
                read_safetensors(os.path.join(folder, name), weights)
        if config.get("tie_word_embeddings"):
            weights.pop("lm_head.weight", None)
        self.names = sorted(weights)
        self.weights = torch.nn.ParameterList([torch.nn.Parameter(weights[name].to(device)) for name in self.names])
        self.by_name = dict(zip(self.names, self.weights))
        heads = config["num_attention_heads"]
        self.head_dim = config.get("head_dim") or config["hidden_size"] // heads
        self.heads, self.kv_heads = heads, config.get("num_key_value_heads") or heads
        self.theta, self.epsilon = config.get("rope_theta", 10000.0), config["rms_norm_eps"]

    def norm(self, x, name):
        return self.by_name[name] * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + self.epsilon))

    def linear(self, x, name):
        return F.linear(x, self.by_name[name + ".weight"], self.by_name.get(name + ".bias"))

    def forward(self, ids):
        """Logits [B, T, V] of ids [B, T]; what is right of a token does not reach it, so that padding there changes nothing."""
        batch, length = ids.shape
        x = F.embedding(ids, self.by_name["model.embed_tokens.weight"])
        inverse = self.theta ** (-torch.arange(0, self.head_dim, 2, dtype=torch.float64, device=ids.device) / self.head_dim)
        angles = torch.arange(length, dtype=torch.float64, device=ids.device)[:, None] * inverse
        cos, sin = (torch.cat([part, part], -1).float() for part in (angles.cos(), angles.sin()))
        future = torch.ones(length, length, dtype=torch.bool, device=ids.device).triu(1)

        def rotate(y):
            first, second = y.chunk(2, -1)
            return y * cos + torch.cat([-second, first], -1) * sin

        for layer in range(self.config["num_hidden_layers"]):
            at = f"model.layers.{layer}."
            y = self.norm(x, at + "input_layernorm.weight")
            q, k, v = (self.linear(y, f"{at}self_attn.{part}_proj").reshape(batch, length, -1, self.head_dim).transpose(1, 2) for part in "qkv")
            k, v = (part.repeat_interleave(self.heads // self.kv_heads, 1) for part in (rotate(k), v))
            scores = (rotate(q) @ k.transpose(-1, -2)) / math.sqrt(self.head_dim)
            y = scores.masked_fill(future, -math.inf).softmax(-1) @ v
            x = x + self.linear(y.transpose(1, 2).reshape(batch, length, -1), at + "self_attn.o_proj")
            y = self.norm(x, at + "post_attention_layernorm.weight")
            x = x + self.linear(F.silu(self.linear(y, at + "mlp.gate_proj")) * self.linear(y, at + "mlp.up_proj"), at + "mlp.down_proj")
        head = self.by_name.get("lm_head.weight", self.by_name["model.embed_tokens.weight"])
        return F.linear(self.norm(x, "model.norm.weight"), head)


# --- a step ----------------------------------------------------------------------------------------------------------------------


def first_counted(sequence):
    return max(1, sequence["prompt_length"])


def micro_batches(sequences, most_tokens):
    batch = []
    for sequence in sequences:
        longest = max(len(one["ids"]) for one in batch + [sequence])
        if batch and longest * (len(batch) + 1) > most_tokens:
            yield batch
            batch = []
        batch.append(sequence)
    if batch:
        yield batch


def weighted_loss(model, batch, total, smoothing, device):
    """sum_s w_s sum_t loss_st / total of a padded batch."""
    longest = max(len(sequence["ids"]) for sequence in batch)
    ids = torch.zeros(len(batch), longest, dtype=torch.long)
    weights = torch.zeros(len(batch), longest, dtype=torch.float32)
    for row, sequence in enumerate(batch):
        length = len(sequence["ids"])
        ids[row, :length] = torch.tensor(sequence["ids"])
        weights[row, first_counted(sequence):length] = sequence["weight"] / total if total > 0 else 0.0
    ids, weights = ids.to(device), weights.to(device)
    logs = model(ids)[:, :-1].log_softmax(-1)
    loss = -logs.gather(-1, ids[:, 1:, None])[..., 0]
    if smoothing > 0:
        loss = (1 - smoothing) * loss - smoothing * logs.mean(-1)
    return (loss * weights[:, 1:]).sum()


def learning_rate(optimizer, step, steps):
    """Up linearly to the peak, then as the schedule says; step is from 1."""
    warm_up, peak, final = optimizer["warm_up_steps"], optimizer["learning_rate"], optimizer["final_share"]
    if step <= warm_up:
        return peak * step / warm_up
    progress = (step - warm_up) / (steps - warm_up)
    return peak * {"constant": 1.0, "linear": 1 - (1 - final) * progress,
                   "cosine": final + (1 - final) * (1 + math.cos(math.pi * progress)) / 2}[optimizer["schedule"]]


# --- the job ---------------------------------------------------------------------------------------------------------------------


def read_job(path):
    with open(path, encoding="utf-8") as file:
        job = json.load(file)
    if job["contract"] != 1:
        refuse(f"{path}: contract is {job['contract']}, expected 1.")
    unknown = [name for name in job["requires"] if name not in HONOURS]
    if unknown or job["base"].get("adapter"):
        refuse(f"{path}: requires {', '.join(unknown) or 'a base with an adapter'}, expected nothing but {', '.join(HONOURS)}.")
    home = os.path.dirname(os.path.abspath(path))
    for part in (job["data"], job["order"]):
        part["file"] = os.path.join(home, part["file"])
        if sha256(part["file"]) != part["sha256"]:
            refuse(f"{part['file']}: SHA-256 is {sha256(part['file'])}, expected {part['sha256']}.")
    for name, expected in job["base"]["files"].items():
        actual = sha256(os.path.join(home, job["base"]["folder"], name))
        if actual != expected:
            refuse(f"{os.path.join(job['base']['folder'], name)}: SHA-256 is {actual}, expected {expected}.")
    for name in ("state", "output"):
        job[name] = os.path.join(home, job[name])
    job["base"]["folder"] = os.path.join(home, job["base"]["folder"])
    return job


def read_lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


class Training:
    def __init__(self, job, rank, world, device):
        self.job, self.rank, self.world, self.device = job, rank, world, device
        self.data, self.order = read_lines(job["data"]["file"]), read_lines(job["order"]["file"])
        self.model = Model(job["base"]["folder"], device)
        options = job["optimizer"]
        groups = [{"params": [p for p in self.model.weights if (p.dim() > 1) == decayed], "weight_decay": options["weight_decay"] if decayed else 0.0}
                  for decayed in (True, False)]
        self.optimizer = torch.optim.AdamW(groups, lr=0.0, betas=(options["beta1"], options["beta2"]), eps=options["epsilon"])
        self.steps_per_epoch = job["step_count"] // job["epochs"]
        self.steps = []
        self.committed = time.monotonic()

    @property
    def state_path(self):
        return os.path.join(self.job["state"], "state.pt")

    def restore(self):
        if not os.path.exists(self.state_path):
            return
        state = torch.load(self.state_path, map_location=self.device)
        if state["id"] != self.job["id"]:
            refuse(f"{self.state_path} is of job {state['id']}, expected {self.job['id']}. Delete {self.job['state']} to start anew.")
        if len(state["steps"]) > self.job["until_epoch"] * self.steps_per_epoch:
            return  # further than is asked for: from the beginning
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.steps = state["steps"]

    def commit(self):
        if self.rank == 0:
            state = {"id": self.job["id"], "steps": self.steps, "model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
            write_whole(self.state_path, lambda file: torch.save(state, file))
        self.committed = time.monotonic()

    def step(self):
        number, options = len(self.steps) + 1, self.job["optimizer"]
        epoch, place = (number - 1) // self.steps_per_epoch, (number - 1) % self.steps_per_epoch * options["batch_sequences"]
        sequences = [self.data[index] for index in self.order[epoch][place:place + options["batch_sequences"]]]
        total = sum(one["weight"] * max(0, len(one["ids"]) - first_counted(one)) for one in sequences)
        self.optimizer.zero_grad(set_to_none=False)
        loss = torch.zeros(1, dtype=torch.float64, device=self.device)
        for batch in micro_batches(sequences[self.rank::self.world], options["micro_batch_tokens"]):
            part = weighted_loss(self.model, batch, total, self.job["label_smoothing"], self.device)
            part.backward()
            loss += part.detach().double()
        gradient = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in self.model.weights])
        dist.all_reduce(gradient)
        dist.all_reduce(loss)
        norm = gradient.double().pow(2).sum().sqrt().item()
        if not math.isfinite(norm):
            refuse(f"the gradient norm of step {number} is {norm}, expected a finite number; a lower learning rate may help.")
        if options["clip_norm"] > 0 and norm > options["clip_norm"]:
            gradient *= options["clip_norm"] / norm
        place = 0
        for parameter in self.model.weights:
            parameter.grad = gradient[place:place + parameter.numel()].view_as(parameter)
            place += parameter.numel()
        rate = learning_rate(options, number, self.job["step_count"])
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.steps.append({"step": number, "step_count": self.job["step_count"], "epoch": epoch + 1, "loss": loss.item(), "gradient_norm": norm,
                           "learning_rate": rate, "tokens": sum(len(one["ids"]) for one in sequences)})

    def write_model(self):
        folder, base = self.job["output"], self.job["base"]["folder"]
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for name in COMPANIONS:
            if os.path.exists(os.path.join(base, name)):
                shutil.copyfile(os.path.join(base, name), os.path.join(folder, name))
        config = dict(self.model.config)
        config["torch_dtype"] = "float32"
        write_whole(os.path.join(folder, "config.json"), lambda file: file.write(json.dumps(config, indent=2).encode()))
        write_safetensors(os.path.join(folder, "model.safetensors"), self.model.by_name)
        result = {"contract": 1, "id": self.job["id"], "epoch": self.job["until_epoch"], "base_sha256": self.job["base"]["sha256"],
                  "files": {name: sha256(os.path.join(folder, name)) for name in sorted(os.listdir(folder))}, "steps": self.steps}
        write_whole(os.path.join(folder, "result.json"), lambda file: file.write(json.dumps(result, indent=1).encode()))

    def run(self, stop):
        for step in self.steps if self.rank == 0 else []:
            print(json.dumps(step), flush=True)
        while len(self.steps) < self.job["until_epoch"] * self.steps_per_epoch:
            due = time.monotonic() - self.committed >= self.job["optimizer"]["commit_seconds"]
            agreed = torch.tensor([int(bool(stop)), int(due and self.rank == 0)], device=self.device)
            dist.all_reduce(agreed, op=dist.ReduceOp.MAX)  # all stop, and commit, after the same step
            if agreed[0] or (agreed[1] and self.steps):
                self.commit()
            if agreed[0]:
                refuse("stopped; what was done is committed, the same command goes on.")
            self.step()
            if self.rank == 0:
                print(json.dumps(self.steps[-1]), flush=True)
        self.commit()
        if self.rank == 0:
            self.write_model()


def main(arguments):
    rank, world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    cuda = torch.cuda.is_available()
    device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if cuda else "cpu"
    if arguments == ["--describe"]:
        if rank == 0:
            kind = torch.cuda.get_device_name(device) if cuda else "cpu"
            print(json.dumps({"contract": 1, "name": "torchrun", "version": f"{VERSION} on torch {torch.__version__}", "dtype": "float32", "device": kind,
                              "shapes": f"{world} processes", "deterministic": False, "honours": HONOURS}), flush=True)
        return
    if len(arguments) != 1:
        refuse(f"{len(arguments)} arguments, expected one: the path of job.json, or --describe.")
    stop = []
    signal.signal(signal.SIGTERM, lambda *_: stop.append(True))
    if "RANK" not in os.environ:
        os.environ.update(RANK="0", WORLD_SIZE="1", MASTER_ADDR="127.0.0.1", MASTER_PORT="0")
    job = read_job(arguments[0])
    os.makedirs(job["state"], exist_ok=True)
    alone = open(job["state"] + ".lock", "w", encoding="utf-8")
    if rank == 0:
        try:
            fcntl.flock(alone, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            refuse(f"{job['state']}.lock is held by another process, expected one trainer at a time; wait until it has ended, or end it.")
    dist.init_process_group("nccl" if cuda else "gloo")
    training = Training(job, rank, world, device)
    training.restore()
    training.run(stop)
    dist.barrier()


if __name__ == "__main__":
    main(sys.argv[1:])
