"""Hard cases of linking, each from the field's own usage: what is one thing and what is not."""

from __future__ import annotations

import pytest

from tests.linking import entities_of, link, marked

ONE_THING = """
M | BERT | Bert
M | BERT | BERT model
M | BERT | Bidirectional Encoder Representations from Transformers
M | RoBERTa | ROBERTA
M | LLaMA-2 | Llama 2
M | LLaMA-2 | Llama2
M | LLaMA-2-7B | Llama 2 7B
M | LLaMA-2-7B | LLaMA2-7B
M | GPT-3.5 | GPT3.5
M | GPT-4 | GPT4
M | GPT-4o mini | GPT-4o-mini
M | LLaVA-1.5 | LLaVA-v1.5
M | ViT-B/16 | ViT-B-16
M | DeBERTa-v3 | DeBERTaV3
M | MobileNetV2 | MobileNet-v2
M | YOLOv5 | YOLO v5
M | VQ-VAE | VQVAE
M | VQGAN | VQ-GAN
M | U-Net | UNet
M | StyleGAN2 | StyleGAN-2
M | wav2vec 2.0 | wav2vec2
M | word2vec | Word2Vec
M | PixArt-α | PixArt-alpha
M | DALL-E 2 | DALL·E 2
M | DALL-E | DALLE
M | large language models | LLMs
M | large language models | Large Language Model
M | large-language models | LLM
M | language models | LMs
M | vision-language models | VLMs
M | vision-language model | Vision Language Models
M | vision and language models | vision-language model
M | multimodal large language models | Multi-Modal LLMs
M | multimodal large language models | MLLMs
M | video LLMs | Video Large Language Models
M | pre-trained language models | pretrained language models
M | pre-trained language models | PLMs
M | convolutional neural networks | CNNs
M | convolutional neural network | convolution neural network
M | ConvNets | convolutional networks
M | recurrent neural networks | RNN
M | long short-term memory | LSTM
M | Long Short Term Memory | LSTMs
M | graph neural networks | GNN
M | graph convolutional networks | GCNs
M | generative adversarial networks | GANs
M | variational auto-encoder | VAE
M | variational autoencoders | Variational Auto-Encoders
M | auto-encoders | autoencoder
M | diffusion models | Diffusion Model
M | diffusion-based models | diffusion models
M | Denoising Diffusion Probabilistic Models | DDPM
M | auto-regressive models | autoregressive model
M | autoregressive (AR) models | autoregressive models
M | byte-pair encoding | BPE
M | Byte Pair Encoding | byte-pair-encoding
M | masked language modelling | masked language modeling
M | masked image modelling | Masked Image Modeling
M | fine-tuning | finetuning
M | Fine-tuning | fine tuning
M | supervised fine-tuning | SFT
M | continued pre-training | continual pretraining
M | quantisation | quantization
M | vector-quantisation | vector quantization
M | mixture-of-experts | Mixture of Experts
M | Mixture of Experts | MoE
M | chain-of-thought prompting | chain of thought
M | in-context learning | ICL
M | retrieval-augmented generation | RAG
M | Retrieval Augmented Generation | retrieval-augmented generation
M | low-rank adaptation | LoRA
M | parameter-efficient fine-tuning | PEFT
M | reinforcement learning from human feedback | RLHF
M | Direct Preference Optimization | DPO
M | direct preference optimisation | DPO
M | proximal policy optimization | PPO
M | knowledge distillation | KD
M | self-distillation | self distillation
M | self-attention mechanism | self-attention
M | attention mechanisms | attention mechanism
M | cross entropy loss | cross-entropy loss
M | Kullback-Leibler divergence | KL divergence
M | support vector machines | SVM
M | random forests | random forest
M | k-nearest neighbours | kNN
M | principal component analysis | PCA
M | principal components analysis | principal component analysis
M | stochastic gradient descent | SGD
M | Monte-Carlo Tree Search | MCTS
M | hidden Markov models | HMM
M | state-space models | SSMs
M | sequence-to-sequence models | seq2seq
M | dual encoders | bi-encoder
M | multi-head self-attention | MHA
M | key-value cache | KV cache
M | Key-Value (KV) cache | KV Caches
M | Swin | Swin Transformer
M | Segment Anything Model | SAM
M | $\\text{BERT}$ | BERT
M | \\textsc{Longformer} | Longformer
M | Vision Transformers (ViTs) | vision transformer
M | behaviour cloning | behavioral cloning
M | tokenisers | tokenizer
M | multi-task learning | multitask learning
D | ImageNet-1k | ImageNet-1K
D | ImageNet-1K | IN-1K
D | ImageNet-1k | ILSVRC2012
D | ImageNet | ImageNet dataset
D | MS-COCO | COCO
D | MSCOCO | MS COCO dataset
D | CIFAR-10 | CIFAR10
D | SQuAD 2.0 | SQuAD v2
D | SQuAD | SQuAD dataset
D | CoNLL-2003 | CoNLL 2003
D | CoNLL03 | CoNLL-2003
D | PASCAL VOC | Pascal VOC
D | GLUE | GLUE benchmark
D | SuperGLUE | superGLUE benchmark
D | CNN/DailyMail | CNN/Daily Mail
D | Penn Treebank | PTB
D | Unified Medical Language System | UMLS
D | HotpotQA | HotPotQA
D | MS MARCO | MS-MARCO
D | Flickr30k | Flickr30K
D | LibriSpeech | Librispeech
D | Stanford Question Answering Dataset | SQuAD
D | Big-Bench Hard | BBH
D | WMT'14 | WMT14
D | ZESHEL | Zeshel
T | machine translation | MT
T | named entity recognition | NER
T | Named-Entity Recognition | named entity recognition
T | question answering | QA
T | question-answering | Question Answering
T | visual question answering | VQA
T | automatic speech recognition | ASR
T | text-to-speech | TTS
T | text-to-image generation | text-to-image synthesis
T | text-to-image generation | T2I generation
T | image generation | image synthesis
T | part-of-speech tagging | POS tagging
T | entity linking | EL
T | zero-shot EL | zero-shot entity linking
T | financial QA | financial question answering
T | natural language understanding | NLU
T | tokenisation | tokenization
T | abstractive summarisation | abstractive summarization
T | dialogue generation | dialog generation
T | optical character recognition | OCR
T | link prediction task | link prediction
T | relation extraction | relation classification
T | sub-word tokenization | subword tokenization
T | machine-generated text detection | AI-generated text detection
T | colour constancy | color constancy
X | F1 | F1-score
X | F1 score | F1
X | macro-F1 | macro F1 score
X | BLEU | BLEU score
X | FID | Fréchet Inception Distance
X | FID | FID score
X | perplexity | PPL
X | mean average precision | mAP
X | word error rate | WER
X | mIoU | mean IoU
X | top-1 accuracy | Top-1 Accuracy
X | ROUGE-L | Rouge-L
X | recall@1 | R@1
X | FLOPs | GFLOPs
"""

TWO_THINGS = """
M | BERT | RoBERTa
M | BERT | BART
M | BERT | BERT-large
M | BERT-base | BERT-large
M | BERT | mBERT
M | LLaMA | LLaMA-2
M | LLaMA-2 | LLaMA-3
M | LLaMA-2-7B | LLaMA-2-70B
M | LLaMA-2-7B | LLaMA-27B
M | Qwen2-7B | Qwen2.5-7B
M | Qwen-VL | Qwen2-VL
M | GPT-3 | GPT-3.5
M | GPT-4 | GPT-4o
M | GPT-4o | GPT-4o-mini
M | ViT-B/16 | ViT-B/32
M | ViT-B | ViT-L
M | A-ViT | ViT
M | ResNet-50 | ResNet-101
M | ResNet | ResNeXt
M | ResNet | DenseNet
M | DINO | DINOv2
M | SAM | SAM 2
M | BLIP | BLIP-2
M | MobileNetV2 | MobileNetV3
M | VGG-16 | VGG-19
M | T5 | mT5
M | T5 | ByT5
M | YOLOv3 | YOLOv4
M | Mamba | Mamba-2
M | Adam | AdamW
M | LoRA | QLoRA
M | PPO | DPO
M | DPO | GRPO
M | language model | large language model
M | small language model | large language model
M | language model | vision-language model
M | masked language model | masked language modeling
M | autoregressive model | non-autoregressive model
M | supervised learning | self-supervised learning
M | supervised learning | unsupervised learning
M | pre-training | continual pre-training
M | fine-tuning | full fine-tuning
M | token pruning | token merging
M | encoder-decoder | autoencoder
M | self-attention | cross-attention
M | bi-encoder | cross-encoder
M | knowledge distillation | self-distillation
M | discrete diffusion model | diffusion model
M | latent diffusion model | diffusion model
M | text-to-image model | text-to-video model
M | post-training quantization | quantization-aware training
M | VAE | VQ-VAE
M | VQ-VAE | VQGAN
M | GAN | WGAN
M | GCN | GNN
M | GRU | RNN
M | skip-gram | n-gram
M | linear programming | integer linear programming
M | first-order logic | second-order logic
M | intra-class distance | inter-class distance
D | ImageNet | ImageNet-1k
D | ImageNet | ImageNet-A
D | ImageNet-A | ImageNet-R
D | ImageNet-1k | ImageNet-21k
D | ImageNet-256 | ImageNet-512
D | CIFAR-10 | CIFAR-100
D | MNIST | Fashion-MNIST
D | GLUE | SuperGLUE
D | GLUE | CLUE
D | SQuAD | SQuAD 2.0
D | MNLI | QNLI
D | SST | SST-2
D | MMLU | MMLU-Pro
D | MMMU | MMLU
D | MMMU | CMMLU
D | HumanEval | HumanEval+
D | WMT14 | WMT16
D | WikiText-2 | WikiText-103
D | COCO | COCO-Stuff
D | RefCOCO | RefCOCO+
D | RefCOCO+ | RefCOCOg
D | KITTI | SemanticKITTI
D | LAION-400M | LAION-5B
D | FB15k | FB15k-237
D | WN18 | WN18RR
D | ARC-Easy | ARC-Challenge
D | ARC | ARC-AGI
D | Natural Questions | WebQuestions
D | LibriSpeech | LibriTTS
D | C4 | mC4
D | AIME 2024 | AIME 2025
T | image classification | text classification
T | semantic segmentation | instance segmentation
T | image segmentation | semantic segmentation
T | image-to-text generation | text-to-image generation
T | text-to-image generation | text-to-video generation
T | entity linking | entity alignment
T | entity linking | zero-shot entity linking
T | question answering | visual question answering
T | speech recognition | speaker recognition
T | speech synthesis | speech enhancement
T | domain adaptation | domain generalization
T | few-shot learning | zero-shot learning
T | machine translation | speech translation
T | extractive summarization | abstractive summarization
T | multimodal entity linking | multilingual entity linking
T | node classification | link prediction
X | accuracy | top-1 accuracy
X | top-1 accuracy | top-5 accuracy
X | micro F1 | macro F1
X | precision | recall
X | ROUGE-1 | ROUGE-2
X | ROUGE-1 | ROUGE-L
X | recall@1 | recall@10
X | FID | rFID
X | BLEU | BLEU-4
X | MAE | MSE
X | MSE | RMSE
X | AUROC | AUPRC
X | mAP | mIoU
X | PSNR | SSIM
"""


def _rows(text: str) -> list[tuple[str, str, str]]:
    rows = [line.split(" | ") for line in text.replace("\\\\", "\\").strip().splitlines()]
    return [(letter, a, b) for letter, a, b in rows]


@pytest.mark.parametrize(("letter", "a", "b"), _rows(ONE_THING))
def test_spellings_of_one_thing_are_one_node(letter: str, a: str, b: str) -> None:
    """Two names that the field uses for one thing link to one entity, each in a paper of its own."""
    one, other = entities_of(f"{{{letter}:{_safe(a)}}}", f"{{{letter}:{_safe(b)}}}")
    assert one == other


@pytest.mark.parametrize(("letter", "a", "b"), _rows(TWO_THINGS))
def test_two_things_stay_two_nodes(letter: str, a: str, b: str) -> None:
    """Two names that look or sound alike and are two things link to two entities."""
    one, other = entities_of(f"{{{letter}:{a}}}", f"{{{letter}:{b}}}")
    assert one != other


def _safe(name: str) -> str:
    """Braces stand for marks in the tests' papers; LaTeX without them is the same to the reader."""
    return name.replace("{", " ").replace("}", " ").strip()


def test_one_surface_of_two_types_is_two_nodes() -> None:
    """SGD the optimiser and SGD the dialogue dataset are told apart by their types."""
    method, dataset = entities_of("{M:SGD}", "{D:SGD}")
    assert method.startswith("method/")
    assert dataset.startswith("dataset/")


IN_CONTEXT = [
    (
        "continual or contrastive",
        ("Continual", "We study {T:continual learning} ({T:CL})."),
        ("Domain", "{T:curriculum learning} ({T:CL}) orders examples."),
        "CL",
        False,
    ),
    (
        "multimodal or multilingual",
        ("A", "{T:Multimodal Entity Linking} ({T:MEL}) links mentions with images."),
        ("B", "{T:Multilingual Entity Linking} ({T:MEL}) links mentions across languages."),
        "MEL",
        False,
    ),
    (
        "segment anything or sharpness",
        ("A", "The {M:Segment Anything Model} ({M:SAM}) segments images."),
        ("B", "{M:Sharpness-Aware Minimization} ({M:SAM}) seeks flat minima."),
        "SAM",
        False,
    ),
    (
        "masked model or its modelling",
        ("A", "{M:Masked language models} ({M:MLMs}) are encoders."),
        ("B", "{M:Masked language modeling} ({M:MLMs}) is an objective."),
        "MLMs",
        False,
    ),
    (
        "two methods of one short name",
        ("A", "We propose {M!:Tiny Time Mixers} ({M!:TTM})."),
        ("B", "We propose the {M!:Token Temperature Mechanism} ({M!:TTM})."),
        "TTM",
        False,
    ),
    (
        "small or swapped",
        ("A", "{M:Small language models} ({M:SLM}) run on phones."),
        ("B", "{M:Swapped Language Modeling} ({M:SLM}) swaps tokens."),
        "SLM",
        False,
    ),
    (
        "genetic algorithm or gradient ascent",
        ("A", "A {M:genetic algorithm} ({M:GA}) evolves them."),
        ("B", "{M:Gradient ascent} ({M:GA}) unlearns them."),
        "GA",
        False,
    ),
    (
        "one definition in two spellings",
        ("A", "{M!:Label-Agnostic Forgetting} ({M!:LAF}) is new."),
        ("B", "We compare with {M:label agnostic forgetting} ({M:LAF})."),
        "LAF",
        True,
    ),
    (
        "brackets the other way round",
        ("A", "{M!:KCTS} ({M!:Knowledge-Constrained Tree Search}) decodes."),
        ("B", "We use {M:Knowledge-constrained tree search} ({M:KCTS})."),
        "KCTS",
        True,
    ),
]


@pytest.mark.parametrize(
    ("name", "a", "b", "short", "same"), IN_CONTEXT, ids=[c[0] for c in IN_CONTEXT]
)
def test_a_short_form_goes_by_its_paper(
    name: str, a: tuple[str, str], b: tuple[str, str], short: str, same: bool
) -> None:
    """A short form is what its own paper defines it as, and nothing else."""
    _, found = link([marked("a", *a), marked("b", *b)])
    assert (found["a", short] == found["b", short]) is same
    for paper, (_, text) in (("a", a), ("b", b)):
        long = text.split(":", 1)[1].split("}", 1)[0]
        if long != short:
            assert found[paper, long] == found[paper, short]


SPELLED_OUT = [
    ("{M!:Perplexity Attention Weighted Networks} ({M!:PAWN}) detect text.", "PAWN"),
    ("{M!:Neural Common Neighbor with Completion} ({M!:NCNC}) predicts links.", "NCNC"),
    ("{M!:Masked-attention Mask Transformer} ({M!:MMT}) segments.", "MMT"),
    ("{M!:EntQA} ({M!:Entity linking as Question Answering}) turns it round.", "EntQA"),
    ("{M!:Matryoshka Multimodal Models} ({M!:M3}) nest tokens.", "M3"),
    ("{M!:DEep Factorized INput Embeddings} ({M!:DeFINE}) shrink.", "DeFINE"),
    ("{M!:RepTok}, short for {M!:Representation Tokens}, is small; {M!:RepTok} wins.", "RepTok"),
    ("{T:Generalized Referring Segmentation} ({T:GRS}) is hard.", "GRS"),
    ("{D!:Real-World Knowledge Unlearning} benchmark, {D!:RWKU}, is new.", "RWKU"),
    ("{M:locally constrained decoding} ({M:LCD}) fails.", "LCD"),
]


@pytest.mark.parametrize(("text", "short"), SPELLED_OUT, ids=[c[1] for c in SPELLED_OUT])
def test_a_new_short_form_is_its_long_form(text: str, short: str) -> None:
    """A name and what the paper spells it out as are one node, and so is its use in another paper."""
    _, found = link(
        [
            marked("a", "First", text),
            marked("b", "Second", f"We compare with {{{text.split('{')[1][0]}:{short}}}."),
        ]
    )
    assert len({entity for (paper, _), entity in found.items() if paper == "a"}) == 1
    assert found["a", short] == found["b", short]
