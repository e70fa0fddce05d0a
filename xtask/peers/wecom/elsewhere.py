"""Sends what a peer sends to WeCom to the sandbox instead."""

import divert

VENDOR = "https://qyapi.weixin.qq.com"


def send_to(sandbox):
    """Every request of this process goes to the sandbox at this address, or fails."""
    divert.requests_to(sandbox, {VENDOR: "/wecom"})
