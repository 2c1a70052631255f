"""Runs moto's server on a free port, which it prints, and ends when its standard input does.

moto deploys at once and raises what CloudFormation would report in events, and it accepts requests that
CloudFormation refuses. That, and states in which only a real account can be, is added here.
"""

import json
import os
import sys
import threading

from moto.backends import get_backend
from moto.cloudformation.exceptions import CloudFormationError, ValidationError
from moto.cloudformation.models import CloudFormationBackend, Event, Stack
from moto.cloudformation.responses import CloudFormationResponse
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response


def add_event(stack, status, reason=None, resource=None):
    name, kind = resource or (stack.name, "AWS::CloudFormation::Stack")
    stack.events.append(
        Event(
            stack_id=stack.stack_id,
            stack_name=stack.name,
            logical_resource_id=name,
            physical_resource_id="" if resource else stack.stack_id,
            resource_type=kind,
            resource_status=status,
            resource_status_reason=reason,
            resource_properties=None,
        )
    )


def roll_back(stack, verb, error):
    """What CloudFormation shows of a resource that cannot be made."""
    resources = stack.template_dict.get("Resources", {})
    made = stack.resource_map._parsed_resources
    missing = next((name for name in resources if name not in made), None)
    resource = missing and (missing, resources[missing]["Type"])
    if not stack.events:
        add_event(stack, "CREATE_IN_PROGRESS", "User Initiated")
    rollback = "ROLLBACK" if verb == "CREATE" else "UPDATE_ROLLBACK"
    add_event(stack, f"{verb}_FAILED", str(error), resource)
    add_event(stack, f"{rollback}_IN_PROGRESS", "The following resource(s) failed")
    add_event(stack, f"{rollback}_COMPLETE")
    stack.status = f"{rollback}_COMPLETE"


create_stack = CloudFormationBackend.create_stack
update_stack = CloudFormationBackend.update_stack


def create_or_roll_back(self, *args, **kwargs):
    before = set(self.stacks)
    try:
        return create_stack(self, *args, **kwargs)
    except Exception as error:
        new = [stack for key, stack in self.stacks.items() if key not in before]
        if not new:
            raise
        roll_back(new[0], "CREATE", error)
        new[0].template_dict = {**new[0].template_dict, "Outputs": {}}
        new[0].output_map = new[0]._create_output_map()
        return new[0]


def update_or_roll_back(self, name, *args, **kwargs):
    stack = self.get_stack(name)
    before = stack.template
    try:
        return update_stack(self, name, *args, **kwargs)
    except Exception as error:
        roll_back(stack, "UPDATE", error)
        stack.template = before
        stack._parse_template()
        return stack


CloudFormationBackend.create_stack = create_or_roll_back
CloudFormationBackend.update_stack = update_or_roll_back


resolve_parameters = CloudFormationBackend._resolve_update_parameters


def resolve_with_defaults(self, instance, incoming_params):
    """moto knows a previous value only where one was given; what was not given had its default."""
    known = [
        one
        for one in incoming_params
        if not one.get("UsePreviousValue") or one["ParameterKey"] in instance.parameters
    ]
    return resolve_parameters(self, instance=instance, incoming_params=known)


CloudFormationBackend._resolve_update_parameters = resolve_with_defaults


class InsufficientCapabilities(CloudFormationError):
    code = "InsufficientCapabilitiesException"


def refuse(message):
    raise ValidationError(message=message)


def check(response, template):
    resources = template.get("Resources", {}).values()
    roles = [one for one in resources if one["Type"] == "AWS::IAM::Role"]
    given = response._get_param("Capabilities", [])
    named = any("RoleName" in one.get("Properties", {}) for one in roles)
    needed = "CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM"
    if roles and needed not in given and "CAPABILITY_NAMED_IAM" not in given:
        raise InsufficientCapabilities(f"Requires capabilities : [{needed}]")
    keys = [one["ParameterKey"] for one in response._get_param("Parameters", [])]
    known = template.get("Parameters", {})
    strangers = [key for key in keys if key not in known]
    if strangers:
        refuse(f"Parameters: [{', '.join(strangers)}] do not exist in the template")
    missing = [key for key, one in known.items() if "Default" not in one and key not in keys]
    if missing:
        refuse(f"Parameters: [{', '.join(missing)}] must have values")


def parsed(body):
    try:
        return Stack.parse_template(body)
    except Exception as error:
        refuse(f"Template format error: {error}")


def values_of(response, template, before):
    values = {key: one.get("Default") for key, one in template.get("Parameters", {}).items()}
    for one in response._get_param("Parameters", []):
        key = one["ParameterKey"]
        values[key] = one.get("ParameterValue", before.get(key))
    return values


# What each stack was last deployed with: moto sees no difference only where all parameters are given, and none is a list.
deployed = {}


def checked(operation):
    original = getattr(CloudFormationResponse, operation)

    def run(self):
        body = self._get_param("TemplateBody")
        url = self._get_param("TemplateURL")
        key = (self.current_account, self.region, self._get_param("StackName"))
        if url and not body:
            body = self._get_stack_from_s3_url(url)
        if not body:
            return original(self)
        template = parsed(body)
        check(self, template)
        before = deployed.get(key)
        now = (template, values_of(self, template, before[1] if before else {}))
        if operation == "update_stack":
            self.cloudformation_backend.get_stack(key[2])
            if now == before:
                refuse("No updates are to be performed.")
        result = original(self)
        if "ROLLBACK" not in self.cloudformation_backend.get_stack(key[2]).status:
            deployed[key] = now
        return result

    setattr(CloudFormationResponse, operation, run)


checked("create_stack")
checked("update_stack")


def control(wish):
    """Puts a stack or a VPC endpoint into a state."""
    account, region = wish["account"], wish["region"]
    if "stack" in wish:
        stack = get_backend("cloudformation")[account][region].get_stack(wish["stack"])
        stack.status = wish["state"]
        add_event(stack, wish["state"], wish.get("reason"))
    else:
        endpoints = get_backend("ec2")[account][region].vpc_end_points
        endpoints[wish["endpoint"]].state = wish["state"]


moto = DomainDispatcherApplication(create_backend_app)


def application(environ, start_response):
    if environ["PATH_INFO"] != "/moto-api/state":
        return moto(environ, start_response)
    control(json.loads(Request(environ).get_data()))
    return Response(status=204)(environ, start_response)


server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_parent, daemon=True).start()
print(server.server_port, flush=True)
server.serve_forever()
