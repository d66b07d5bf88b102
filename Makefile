# make run · make test · make check · make bench · make soak
PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
PIP_FLAGS ?= --disable-pip-version-check
PORT   ?= 8501

.PHONY: run run-empty test check bench soak clean help
help:
	@echo "make run    启动看板(首次会自动安装依赖、建库、装入样例)"
	@echo "make run-empty UNITS=机构名录.xlsx   从空库开始,先登记机构名录"
	@echo "make test   运行全部测试"
	@echo "make check  代码检查(ruff、mypy)"
	@echo "make bench  用时、内存与下限之比(约几分钟;只测一项:make bench ONLY=extraction)"
	@echo "make soak   持久测试:kill -9、磁盘满、并发备份、变异请求与文件、加深的随机测试、会话与内存(约一小时;只做几项:make soak ONLY=\"crash disk\")"

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "未找到 $(PYTHON)。请先安装 Python 3.11 或更新版本。"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 或更新版本,当前为 $$($(PYTHON) --version)。"; exit 1; }
	@echo "[1/4] 建立运行环境 $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "无法建立运行环境。Debian/Ubuntu 请先安装:apt-get install python3-venv"; exit 1; }

$(VENV)/.run: requirements.txt | $(VENV)/bin/python
	@echo "[2/4] 安装依赖(首次约需一至三分钟)"
	@$(PY) -m pip install $(PIP_FLAGS) -r requirements.txt || { echo "安装依赖失败。若无外网,请按 README 的“离线安装”使用 wheels 文件夹。"; exit 1; }
	@touch $@

$(VENV)/.test: tests/requirements.txt requirements.txt | $(VENV)/bin/python
	@echo "[准备] 安装运行与测试依赖"
	@$(PY) -m pip install $(PIP_FLAGS) -r tests/requirements.txt || { echo "安装测试依赖失败,请检查网络或 pip 源。"; exit 1; }
	@touch $@ $(VENV)/.run

run: $(VENV)/.run
	@echo "[3/4] 检查数据库"
	@$(PY) -m etl sample --if-empty
	@echo "[4/4] 启动看板:http://127.0.0.1:$(PORT)  (按 Ctrl+C 停止)"
	@$(PY) -m streamlit run dashboard.py --server.port $(PORT)

run-empty: $(VENV)/.run
	@$(PY) -m db upgrade
	@[ -z "$(UNITS)" ] || $(PY) -m etl units "$(UNITS)"
	@echo "启动看板:http://127.0.0.1:$(PORT)  (不装入样例)"
	@$(PY) -m streamlit run dashboard.py --server.port $(PORT)

test: $(VENV)/.test
	@echo "运行测试"
	@$(PY) -m pytest -n auto

check: $(VENV)/.test
	@$(PY) -m ruff check . && $(PY) -m ruff format --check . && $(PY) -m mypy

bench: $(VENV)/.test
	@$(PY) -m tests.bench $(ONLY)

soak: $(VENV)/.test
	@$(PY) -m tests.soak $(ONLY)

clean:
	rm -rf $(VENV)
